"""What is stored of a title's market: price, exits, sales, depth, and which titles moved most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from domain.exits import Exit, ExitKind, price_exit
from domain.fees import FeeRate, break_even
from domain.games import GAMES
from domain.money import BasisPoints, Cents
from domain.opportunities import Numbers
from domain.turnover import Turnover, turnover
from models.items import FORGOTTEN, Item, ItemGroup
from models.opportunities import OpportunityRow, OpportunityState
from models.prices import Price, PriceChange
from models.queries import fees, sales
from models.queries.overview import Ranked, proof_in
from models.verification import LastVerdict

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LEAST_ASK: Cents = 50  # below it a cent is two per cent,
LEAST_ASKS, LEAST_BIDS = 3, 3  # with fewer one seller or buyer is the price,
HIGHEST_ASK = 3  # and at more times what it sells for an ask is a wish


@dataclass(frozen=True, slots=True)
class Quote:
    """An aggregated price in cents; a side that is empty is None. Read at `seen_at`, the same since `changed_at`."""

    bid: Cents | None
    bid_count: int
    ask: Cents | None
    ask_count: int
    changed_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Former:
    """The ask at an earlier time in cents, None where nothing was on offer."""

    ask: Cents | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The last verdict on a title: the gate that decided with its numbers (docs/alerts.md, Gates)."""

    decided_at: datetime
    gate: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class PriceCard:
    """All that is known of one title's price.

    `day_ago` and `week_ago` are None where the history does not reach back that far. `fee` is for a sale at the ask,
    `deals` are open opportunities. `sold` is by variant, empty without sales in 30 days; `sales_at` is when they were
    read, None for never.
    """

    item_id: int
    game: str
    title: str
    quote: Quote | None
    day_ago: Former | None
    week_ago: Former | None
    fee: FeeRate | None
    deals: tuple[Ranked, ...]
    judged: Judged | None
    sold: tuple[Turnover, ...]
    sales_at: datetime | None


@dataclass(frozen=True, slots=True)
class Depth:
    """What the aggregate tells of a book. `crossed` is buying at the ask and selling to the best bid at once, after
    the fee; `break_even` the lowest price in cents that covers the ask. None where a side is empty.
    """

    item_id: int
    game: str
    title: str
    quote: Quote
    crossed: Exit | None
    break_even: Cents | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A title whose ask changed from `former` to `ask` cents, by `change_bps` of the former."""

    item_id: int
    title: str
    former: Cents
    ask: Cents
    change_bps: BasisPoints
    bid: Cents
    ask_count: int
    bid_count: int


def price_of(session: Session, item_id: int, now: datetime) -> PriceCard | None:
    """The card of a title, None for one that does not exist; its quote is None until the first price is read."""
    item = session.get(Item, item_id)
    if item is None or item.game not in GAMES:
        return None
    quote = quote_of(session, item)
    known = sales.load(session, item_id)
    return PriceCard(
        item_id=item_id,
        game=item.game,
        title=item.title,
        quote=quote,
        day_ago=_former(session, item_id, now - DAY),
        week_ago=_former(session, item_id, now - WEEK),
        fee=_rate(session, item, quote.ask, now) if quote and quote.ask else None,
        deals=_deals(session, item_id),
        judged=judged(session, item_id),
        sold=turnover(known, now) if known else (),
        sales_at=known.observed_at if known else None,
    )


def depth(session: Session, item_id: int, now: datetime) -> Depth | None:
    """How deep a title's book is as far as aggregates tell, None without a price."""
    item = session.get(Item, item_id)
    quote = quote_of(session, item) if item and item.game in GAMES else None
    if item is None or quote is None:
        return None
    crossed, covers = None, None
    if quote.ask:
        covers = break_even(quote.ask, _rate(session, item, quote.ask, now))
        if quote.bid:
            crossed = price_exit(ExitKind.INSTANT, quote.ask, quote.bid, _rate(session, item, quote.bid, now))
    return Depth(item_id, item.game, item.title, quote, crossed, covers)


def movers(session: Session, game: str, hours: int, now: datetime, limit: int = 50) -> list[Mover]:
    """The titles of a game key whose ask changed most in so many hours, either way, the largest change first.

    Only prices that mean something: from $0.50 and with at least three asks both times, three bids now, known sales,
    and no ask above three times what the title sells for. Turns the server's JIT off until the transaction ends.
    """
    session.execute(text("SET LOCAL jit = off"))  # compiling the search in each partition takes half as long again
    values = {
        "game": game,
        "then": now - timedelta(hours=hours),
        "seen": now - FORGOTTEN,
        "least": LEAST_ASK,
        "asks": LEAST_ASKS,
        "bids": LEAST_BIDS,
        "times": HIGHEST_ASK,
        "limit": limit,
    }
    return [_mover(row) for row in session.execute(_MOVERS, values)]


def judged(session: Session, item_id: int) -> Judged | None:
    """The last verdict on a title, None before the first."""
    row = session.get(LastVerdict, item_id)
    return Judged(row.decided_at, row.gate, row.numbers) if row else None


def quote_of(session: Session, item: Item) -> Quote | None:
    """The aggregated price of a title, None before the first read."""
    seen_at = func.greatest(Price.confirmed_at, ItemGroup.observed_at).label("seen_at")
    query = select(Price.bid, Price.bid_count, Price.ask, Price.ask_count, Price.changed_at, seen_at)
    groups = query.select_from(Price).join(ItemGroup, ItemGroup.id == item.group_id)
    row = session.execute(groups.where(Price.item_id == item.id)).first()
    return Quote(*row) if row else None


def _former(session: Session, item_id: int, then: datetime) -> Former | None:
    """The last change until `then` still held at `then`."""
    query = select(PriceChange.ask).where(PriceChange.item_id == item_id, PriceChange.observed_at <= then)
    row = session.execute(query.order_by(PriceChange.observed_at.desc()).limit(1)).first()
    return Former(row.ask) if row else None


def _rate(session: Session, item: Item, price: Cents, now: datetime) -> FeeRate:
    return fees.for_titles(session, GAMES[item.game], [item.title], now)[item.title].rate(price, now)


def _deals(session: Session, item_id: int) -> tuple[Ranked, ...]:
    query = (
        select(OpportunityRow.evidence, OpportunityRow.confirmed_at)
        .where(OpportunityRow.item_id == item_id, OpportunityRow.state == OpportunityState.OPEN)
        .order_by(OpportunityRow.cents_per_day.desc(), OpportunityRow.id)
    )
    read = ((proof_in(stored), at) for stored, at in session.execute(query))
    return tuple(Ranked(proof, at) for proof, at in read if proof)


def _mover(row: Row[*tuple[object, ...]]) -> Mover:
    return Mover(row.id, row.title, row.former, row.ask, row.change_bps, row.bid, row.ask_count, row.bid_count)


# A row of history is a change: what was asked at a time is in the last row before it.
_MOVERS = text(
    """
    SELECT i.id, i.title, was.ask AS former, p.ask, p.bid, p.ask_count, p.bid_count,
        CAST((p.ask - was.ask) * 10000::bigint / was.ask AS int) AS change_bps
    FROM items i JOIN prices p ON p.item_id = i.id JOIN sales_references s ON s.item_id = i.id
    CROSS JOIN LATERAL (
        SELECT h.ask, h.ask_count FROM price_history h
        WHERE h.item_id = i.id AND h.observed_at <= :then ORDER BY h.observed_at DESC LIMIT 1
    ) was
    WHERE i.game = :game AND i.last_seen_at > :seen AND p.changed_at > :then
        AND p.ask >= :least AND p.ask_count >= :asks AND p.bid_count >= :bids AND p.ask <= :times * s.price
        AND was.ask >= :least AND was.ask_count >= :asks AND was.ask <= :times * s.price AND was.ask <> p.ask
    ORDER BY abs((p.ask - was.ask) * 10000::bigint / was.ask) DESC, i.id
    LIMIT :limit
    """
)
