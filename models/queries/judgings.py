"""Which of the prices just read are looked at for nomination: what changed, what looked promising, or a whole group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.quotes import AggregatedPrice
from models.prepared import Prepared
from models.queries.arrays import numbers

AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Look:
    """Item ids to look at: those whose price is new or another one, and unchanged ones by whether they were promising.

    `whole` says that all of the group are among them.
    """

    whole: bool = False
    changed: set[int] = field(default_factory=set)
    promising: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)

    @property
    def all(self) -> set[int]:
        return self.changed | self.promising | self.others


def look(session: Session, group_id: int | None, quotes: Mapping[int, AggregatedPrice], now: datetime) -> Look:
    """What is to be looked at of the prices just read, by item id, before they are stored.

    All of them where the group never was, was too long ago or before the game's fees were read: changes alone do not
    tell of new fees and rules. Titles without a group (of a scan of one level) always are.
    """
    values = {
        "group": group_id,
        "before": now - AGAIN,
        "ids": numbers(quotes),
        "bids": numbers(quote.bid for quote in quotes.values()),
        "bid_counts": numbers(quote.bid_count for quote in quotes.values()),
        "asks": numbers(quote.ask for quote in quotes.values()),
        "ask_counts": numbers(quote.ask_count for quote in quotes.values()),
    }
    rows = _LOOK.run(session, values).all()
    found = Look(whole=bool(rows) and rows[0][3])
    for item_id, changed, promising, _ in rows:
        (found.changed if changed else found.promising if promising else found.others).add(item_id)
    return found


# A title without a price differs in its counts, which are never NULL. OFFSET 0 keeps the plan of a new installation,
# whose table is small yet, from reading all of it for each page.
_LOOK = Prepared(
    "look_at_prices",
    """
    WITH due AS MATERIALIZED (
        SELECT CAST(%(group)s AS bigint) IS NULL OR EXISTS (
            SELECT FROM item_groups g LEFT JOIN game_fees f ON f.game = g.game
            WHERE g.id = %(group)s AND (g.judged_at IS NULL OR g.judged_at < %(before)s OR g.judged_at <= f.observed_at)
        ) AS whole
    )
    SELECT read.item_id,
        (p.bid, p.bid_count, p.ask, p.ask_count) IS DISTINCT FROM (read.bid, read.bid_count, read.ask, read.ask_count),
        p.promising, due.whole
    FROM due CROSS JOIN unnest(
        CAST(%(ids)s AS bigint[]), CAST(%(bids)s AS int[]), CAST(%(bid_counts)s AS int[]),
        CAST(%(asks)s AS int[]), CAST(%(ask_counts)s AS int[])
    ) AS read (item_id, bid, bid_count, ask, ask_count)
    LEFT JOIN LATERAL (SELECT * FROM prices WHERE item_id = read.item_id OFFSET 0) p ON true
    WHERE due.whole OR p.promising
        OR (p.bid, p.bid_count, p.ask, p.ask_count)
            IS DISTINCT FROM (read.bid, read.bid_count, read.ask, read.ask_count)
    """,
)
