"""The state of the sandbox exchange: titles, their books and sales, and what was planted in them."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from domain.games import Game
from sandbox.exchange.assets import Asset
from sandbox.exchange.fees import FeeTable


@dataclass(slots=True)
class Offer:
    """One listing; `kind` is `dmarket` (held by a bot) or `p2p`."""

    offer_id: str
    asset_id: str
    price: int
    created_at: datetime
    asset: Asset
    kind: str = "dmarket"
    locked: bool = False


@dataclass(slots=True)
class Bid:
    """One row of a bid book; each restriction is "any" or the one value it asks for."""

    price: int
    amount: int
    float_part: str = "any"
    paint_seed: str = "any"
    phase: str = "any"

    @property
    def unrestricted(self) -> bool:
        return self.float_part == self.paint_seed == self.phase == "any"


@dataclass(slots=True)
class Sale:
    """`operation` is `Offer` (a listing was taken) or `Target` (a bid was filled)."""

    price: int
    at: datetime
    operation: str
    asset: Asset


@dataclass(slots=True)
class Book:
    """Everything live about one title; `sales` newest first."""

    offers: list[Offer]
    bids: list[Bid]
    sales: list[Sale]


@dataclass(frozen=True, slots=True)
class Quote:
    """One aggregated row in cents; None where a side is empty."""

    ask: int | None
    asks: int
    bid: int | None
    bids: int


@dataclass(slots=True)
class Listing:
    """A title. Until somebody looks closer, five numbers stand for its book.

    `floor` is the lowest price the ticker lets the ask reach, the bound of the noise invariants.
    `still` titles hold a plant or trap and do not move. `pinned` is an aggregate that no longer follows the book.
    `activity` is about the number of its sales a month, None where it is drawn by chance.
    """

    title: str
    floor: int
    ask: int
    asks: int
    p2p_asks: int
    bid: int
    bids: int
    still: bool = False
    pinned: tuple[int, int] | None = None
    book: Book | None = None
    activity: int | None = None

    def quote(self, include_p2p: bool) -> Quote:
        """Best prices over all bids, restricted and locked ones too (docs/exchange-api.md, Aggregated prices)."""
        if self.book is None:
            asks = self.asks + (self.p2p_asks if include_p2p else 0)
            return Quote(self.ask if self.asks else None, asks, self.bid if self.bids else None, self.bids)
        asks_in = [offer.price for offer in self.book.offers if include_p2p or offer.kind == "dmarket"]
        ask, bid = min(asks_in, default=None), max((row.price for row in self.book.bids), default=None)
        if self.pinned:
            ask, bid = self.pinned
        return Quote(ask, len(asks_in), bid, sum(row.amount for row in self.book.bids))


@dataclass(slots=True)
class Plant:
    """A true opportunity: buy `offer_id` at `buy`, sell at `sell` cents through `exit`.

    The title of a `passing` one is as any other when it is taken.
    """

    game: str
    title: str
    offer_id: str
    buy: int
    exit: str
    sell: int
    net: int
    level: str
    variant: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Trap:
    """A title that looks profitable to whoever skips a check; `kind` names the check."""

    game: str
    title: str
    kind: str


@dataclass(slots=True)
class GameMarket:
    """One game's titles. `fill` builds the book of a title when it is first looked at.

    `activity` are the sums of the titles' activities in their order, empty where all are alike.
    """

    game: Game
    fees: FeeTable
    fill: Callable[[Listing, datetime], Book]
    listings: dict[str, Listing] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    activity: list[int] = field(default_factory=list)

    def add(self, listing: Listing) -> None:
        """Adds a title; the order of earlier ones stays, so cursors stay valid."""
        self.listings[listing.title] = listing
        self.order.append(listing.title)
        insort(self.keys, (listing.title.lower(), listing.title))

    def starting_with(self, prefix: str) -> Iterator[str]:
        """Titles that start with `prefix`, whatever its case."""
        wanted = prefix.lower()
        for place in range(bisect_left(self.keys, (wanted, "")), len(self.keys)):
            key, title = self.keys[place]
            if not key.startswith(wanted):
                return
            yield title

    def book(self, listing: Listing, now: datetime) -> Book:
        if listing.book is None:
            listing.book = self.fill(listing, now)
        return listing.book


@dataclass(slots=True)
class Market:
    """All games by key, and the truth about them."""

    games: dict[str, GameMarket]
    plants: list[Plant] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)

    def by_exchange_id(self, exchange_id: str) -> GameMarket | None:
        return next((one for one in self.games.values() if one.game.exchange_id == exchange_id), None)

    def find_offer(self, offer_id: str) -> tuple[GameMarket, Listing, Offer] | None:
        """Where a live offer stands; offers nobody has seen yet have no id to be found by."""
        for game in self.games.values():
            for listing in game.listings.values():
                for offer in listing.book.offers if listing.book else ():
                    if offer.offer_id == offer_id:
                        return game, listing, offer
        return None
