"""Tools for writing one title's book by hand: pick a title, then lay out offers, bids and sales."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from sandbox.exchange.assets import Asset, draw_asset, exterior_of, has_phases
from sandbox.exchange.generate import new_offer, share
from sandbox.exchange.market import Bid, Book, GameMarket, Listing, Offer, Sale

TRIES = 5000
FALLING = (1000, 990, 975, 950)  # permille of the best bid, row by row


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a plant or trap is set up: one game's market, the randomness and the time of it.

    With `unread` only on titles that nobody has looked at: whoever knows a title's former sales is right to doubt
    others that are said to be as old.
    """

    market: GameMarket
    rng: Random
    now: datetime
    unread: bool = False

    @property
    def game(self) -> str:
        return self.market.game.key

    @property
    def default_bps(self) -> int:
        return self.market.fees.default_bps

    def pick(self, fits: Callable[[str], bool] | None = None) -> Listing:
        """A moving title without reduced fee that no other title starts with. LookupError when none is left."""
        wanted = fits or self._plain
        for title in (self.rng.choice(self.market.order) for _ in range(TRIES)):
            alone = len(list(islice(self.market.starting_with(title), 2))) == 1
            if self.free(title) and alone and wanted(title):
                return self.market.listings[title]
        raise LookupError(f"{self.game} has no title left to plant in: start the sandbox with more --titles")

    def free(self, title: str) -> bool:
        """Neither planted in nor sold at a reduced fee, and not looked at where that is wanted."""
        listing = self.market.listings[title]
        known = self.unread and listing.book is not None
        return not listing.still and not known and title not in self.market.fees.reduced

    def _plain(self, title: str) -> bool:
        """Comparable by title alone, and in CS2 with a float and pattern to tell assets apart."""
        if self.game == "csgo":
            return bool(exterior_of(title)) and not has_phases(title)
        return not title.startswith("Unusual")

    def set(self, listing: Listing, offers: list[Offer], bids: list[Bid], sales: list[Sale]) -> None:
        """Gives the title this book and stops it from moving by itself."""
        listing.book = Book(offers, bids, sorted(sales, key=lambda sale: sale.at, reverse=True))
        listing.still, listing.pinned = True, None
        listing.floor = sorted(offer.price for offer in offers)[len(offers) // 2]  # what a discount is measured from

    def offers(self, title: str, prices: Iterable[int], phase: str = "") -> list[Offer]:
        return [new_offer(self.game, title, price, self.rng, self.now, phase=phase) for price in prices]

    def asks(self, title: str, lowest: int, count: int = 6, phase: str = "") -> list[Offer]:
        """`count` offers from `lowest` cents upwards, a few percent apart."""
        prices = [share(lowest, 1000 + 25 * step + (self.rng.randint(0, 20) if step else 0)) for step in range(count)]
        return self.offers(title, prices, phase)

    def bids(self, best: int, phase: str = "any") -> list[Bid]:
        """Several rows from `best` cents downwards."""
        prices = dict.fromkeys(max(1, share(best, permille)) for permille in FALLING)
        return [Bid(price, self.rng.randint(1, 6), phase=phase) for price in prices]

    def genuine(self, title: str, low: int, high: int, count: int = 14, phase: str = "") -> list[Sale]:
        """`Offer` sales of distinct items, spread over the last ten days, `low` to `high` cents.

        Every second one is exactly at `low`, so that any low quantile up to the median is that price.
        """
        return [
            Sale(
                self.rng.randint(low, high) if place % 2 else low,
                at,
                "Offer",
                draw_asset(self.game, title, self.rng, phase),
            )
            for place, at in enumerate(self._spread(count))
        ]

    def filled_bids(self, title: str, bid: int, count: int = 3, phase: str = "") -> list[Sale]:
        """`Target` sales just below the live bid."""
        return [
            Sale(
                max(1, share(bid, self.rng.randint(950, 1000))),
                at,
                "Target",
                draw_asset(self.game, title, self.rng, phase),
            )
            for at in self._spread(count)
        ]

    def burst(self, price: int, count: int, asset: Asset) -> list[Sale]:
        """`count` sales of one and the same item within half an hour, the newest an hour ago."""
        newest = self.now - timedelta(hours=1)
        return [Sale(price, newest - timedelta(seconds=step * 1700 // count), "Offer", asset) for step in range(count)]

    def _spread(self, count: int) -> Sequence[datetime]:
        """Times 1 to 9.5 days old, the newest below 12 hours, more than an hour apart for up to 20 of them."""
        gap = timedelta(hours=9 * 24) / count
        first = self.now - timedelta(minutes=self.rng.randint(60, 600))
        return [first - gap * step - timedelta(minutes=self.rng.randint(0, 60)) for step in range(count)]
