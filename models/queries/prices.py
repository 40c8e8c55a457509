"""Writing aggregated prices: a row is touched only where something changed."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.quotes import AggregatedPrice
from models.prepared import Prepared
from models.prices import Price
from models.queries.arrays import flags, numbers

CHANGE = 1_000  # what one change adds to a price's churn,
HALF_LIFE = timedelta(hours=1)  # and in which time half of it is forgotten


def store(
    session: Session, quotes: Mapping[int, AggregatedPrice], now: datetime, *, promising: Collection[int] = ()
) -> int:
    """Record what was read for each item id at `now`; `promising` are those of them that were nominated.

    A row that is the same already, or was seen later than `now`, stays as it is. Returns how many prices changed;
    each of them gets one history row.
    """
    if not quotes:
        return 0
    ids = sorted(quotes)
    rows = [quotes[item_id] for item_id in ids]
    values = {
        "now": now,
        "ids": numbers(ids),
        "bids": numbers(row.bid for row in rows),
        "bid_counts": numbers(row.bid_count for row in rows),
        "asks": numbers(row.ask for row in rows),
        "ask_counts": numbers(row.ask_count for row in rows),
        "promising": flags(item_id in promising for item_id in ids),
        "change": CHANGE,
        "half_life": HALF_LIFE.total_seconds(),
    }
    return int(_STORE.run(session, values).scalar_one())


def confirm(session: Session, ids: Collection[int], now: datetime) -> None:
    """Mark rows as seen now, for reads that do not cover a whole group."""
    session.execute(_CONFIRM, {"now": now, "ids": numbers(sorted(ids))})


def mark(session: Session, ids: Collection[int], *, promising: bool) -> None:
    """Note for unchanged prices what another look at them said."""
    if ids:
        session.execute(_MARK, {"ids": numbers(sorted(ids)), "promising": promising})


def current(session: Session, item_id: int, title: str) -> AggregatedPrice | None:
    """The last aggregated price of a title, None when it never had one."""
    row = session.get(Price, item_id)
    return AggregatedPrice(title, row.bid, row.bid_count, row.ask, row.ask_count) if row else None


# Nearly all titles are there already: an update costs a third less than an upsert of the same rows. Given in the
# order of their ids, so that two workers on the same titles wait for each other in one direction only.
_STORE = Prepared(
    "store_prices",
    """
    WITH incoming AS (
        SELECT * FROM unnest(
            CAST(%(ids)s AS bigint[]), CAST(%(bids)s AS int[]), CAST(%(bid_counts)s AS int[]),
            CAST(%(asks)s AS int[]), CAST(%(ask_counts)s AS int[]), CAST(%(promising)s AS boolean[])
        ) AS row (item_id, bid, bid_count, ask, ask_count, promising)
    ), updated AS (
        UPDATE prices p SET
            bid = n.bid, bid_count = n.bid_count, ask = n.ask, ask_count = n.ask_count, promising = n.promising,
            churn = %(change)s + p.churn * power(0.5, date_part('epoch', %(now)s - p.changed_at) / %(half_life)s),
            changed_at = %(now)s, confirmed_at = %(now)s
        FROM incoming n
        WHERE p.item_id = n.item_id AND p.confirmed_at < %(now)s
            AND (p.bid, p.bid_count, p.ask, p.ask_count)
                IS DISTINCT FROM (n.bid, n.bid_count, n.ask, n.ask_count)
        RETURNING p.item_id, p.bid, p.bid_count, p.ask, p.ask_count
    ), added AS (
        INSERT INTO prices (item_id, bid, bid_count, ask, ask_count, promising, churn, changed_at, confirmed_at)
        SELECT n.item_id, n.bid, n.bid_count, n.ask, n.ask_count, n.promising, 0, %(now)s, %(now)s FROM incoming n
        WHERE NOT EXISTS (SELECT FROM prices o WHERE o.item_id = n.item_id)
        ON CONFLICT DO NOTHING
        RETURNING item_id, bid, bid_count, ask, ask_count
    ), changed AS (
        SELECT * FROM updated UNION ALL SELECT * FROM added
    ), kept AS (
        INSERT INTO price_history (item_id, observed_at, bid, bid_count, ask, ask_count)
        SELECT item_id, %(now)s, bid, bid_count, ask, ask_count FROM changed
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM changed
    """,
)
_CONFIRM = text(
    "UPDATE prices SET confirmed_at = :now WHERE item_id = ANY(CAST(:ids AS bigint[])) AND confirmed_at < :now"
)
_MARK = text(
    "UPDATE prices SET promising = :promising WHERE item_id = ANY(CAST(:ids AS bigint[])) AND promising <> :promising"
)
