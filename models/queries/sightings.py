"""Stored prices beside watches: which of them meet a mark. On the price's way, so it costs next to nothing."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.prepared import Prepared
from models.queries.arrays import numbers


def look(session: Session, item_ids: Collection[int]) -> None:
    """Note in the watches of these titles where their stored price meets a mark.

    Called in the transaction that stored the prices. What was noted before stays until a bot has fired it
    (models.queries.firings). A price that was not read, and an empty side, meets nothing.
    """
    if item_ids and (watched := _WATCHED.run(session, {"ids": numbers(item_ids)}).scalars().all()):
        session.execute(_MEET, {"ids": numbers(watched)})


# Nearly always nobody watches any of a page's titles: this much the price's way can afford.
_WATCHED = Prepared(
    "watched_titles", "SELECT DISTINCT item_id FROM watches WHERE item_id = ANY(CAST(%(ids)s AS bigint[]))"
)
# A title that the exchange left out of its answer has two empty sides: that is no number of pieces either. The prices
# come first and the chat last, by their keys: however many watches there are, no table is read as a whole.
_MEET = text(
    """
    WITH read AS MATERIALIZED (
        SELECT p.item_id, v.measure, v.value, greatest(p.confirmed_at, g.observed_at) AS read_at
        FROM prices p JOIN items i ON i.id = p.item_id JOIN item_groups g ON g.id = i.group_id
        CROSS JOIN LATERAL (
            VALUES ('ask', p.ask), ('bid', p.bid), ('asks', p.ask_count), ('bids', p.bid_count)
        ) AS v (measure, value)
        WHERE p.item_id = ANY(CAST(:ids AS bigint[])) AND (p.ask IS NOT NULL OR p.bid IS NOT NULL)
    )
    UPDATE watches w SET seen = r.value, seen_at = r.read_at
    FROM read r
    WHERE w.item_id = ANY(CAST(:ids AS bigint[])) AND w.item_id = r.item_id AND w.measure = r.measure
        AND w.seen IS NULL AND w.snoozed_until IS NULL
        AND (r.value <= w.at_most OR r.value >= w.at_least OR (w.base IS NULL AND r.value IS NOT NULL))
        AND (SELECT c.state FROM chats c WHERE c.id = w.chat_id) = 'active'
    """
)
