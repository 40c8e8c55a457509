"""Writing aggregated prices: a row is touched only where something changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.quotes import AggregatedPrice
from models.prices import Price


def store(session: Session, quotes: Mapping[int, AggregatedPrice | None], now: datetime, *, confirm: bool) -> int:
    """Record what was read for each item id at `now`; None where the exchange left the title out.

    `confirm` marks unchanged rows as seen now, for reads that do not cover a whole group. A row seen later
    than `now` stays as it is. Returns how many prices changed; each of them gets one history row.
    """
    ids = sorted(quotes)
    rows = [quotes[item_id] for item_id in ids]
    values = {
        "now": now,
        "ids": ids,
        "bids": [row.bid if row else None for row in rows],
        "bid_counts": [row.bid_count if row else 0 for row in rows],
        "asks": [row.ask if row else None for row in rows],
        "ask_counts": [row.ask_count if row else 0 for row in rows],
    }
    changed = session.execute(_STORE, values).scalar_one()
    if confirm:
        session.execute(_CONFIRM, {"now": now, "ids": ids})
    return int(changed)


def current(session: Session, item_id: int, title: str) -> AggregatedPrice | None:
    """The last aggregated price of a title, None when it never had one."""
    row = session.get(Price, item_id)
    return AggregatedPrice(title, row.bid, row.bid_count, row.ask, row.ask_count) if row else None


# Unchanged rows are left out before the upsert: ON CONFLICT would lock, and so dirty, each of them.
_STORE = text(
    """
    WITH incoming AS (
        SELECT * FROM unnest(
            CAST(:ids AS bigint[]), CAST(:bids AS int[]), CAST(:bid_counts AS int[]),
            CAST(:asks AS int[]), CAST(:ask_counts AS int[])
        ) AS row (item_id, bid, bid_count, ask, ask_count)
    ), changed AS (
        INSERT INTO prices AS p (item_id, bid, bid_count, ask, ask_count, changed_at, confirmed_at)
        SELECT n.item_id, n.bid, n.bid_count, n.ask, n.ask_count, :now, :now FROM incoming n
        WHERE NOT EXISTS (
            SELECT FROM prices o WHERE o.item_id = n.item_id
            AND (o.bid, o.bid_count, o.ask, o.ask_count) IS NOT DISTINCT FROM (n.bid, n.bid_count, n.ask, n.ask_count)
        )
        ORDER BY n.item_id
        ON CONFLICT (item_id) DO UPDATE SET
            bid = excluded.bid, bid_count = excluded.bid_count, ask = excluded.ask,
            ask_count = excluded.ask_count, changed_at = excluded.changed_at, confirmed_at = excluded.confirmed_at
        WHERE p.confirmed_at < excluded.confirmed_at
        RETURNING item_id, bid, bid_count, ask, ask_count
    ), kept AS (
        INSERT INTO price_history (item_id, observed_at, bid, bid_count, ask, ask_count)
        SELECT item_id, :now, bid, bid_count, ask, ask_count FROM changed
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM changed
    """
)
_CONFIRM = text("UPDATE prices SET confirmed_at = :now WHERE item_id = ANY(:ids) AND confirmed_at < :now")
