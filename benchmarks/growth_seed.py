"""A database as it is after a month, at any size: what Skinbeat's own functions write at once, the rest by SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.growth_market import ASKS, GAME, LOWEST_ASK, STEP, proof, title
from domain.fees import DefaultFee, FeeList
from domain.filters import Filter
from models.database import Database
from models.queries import catalogue, chats, fees, history

CHATS = 200
A_DAY = 6  # price changes of a title
PAGE = 100
LIVELY = 1  # the item whose price changes every five minutes


@dataclass(frozen=True, slots=True)
class Size:
    """`factor` times 600 titles, 50 open opportunities, 250 alerts that wait and 100 past scans; `days` of history."""

    factor: int
    days: int

    @property
    def titles(self) -> int:
        return 600 * self.factor

    @property
    def opportunities(self) -> int:
        return 50 * self.factor

    @property
    def history(self) -> int:
        """Rows of price history, without those of the lively title."""
        return self.titles * A_DAY * self.days


def seed(database: Database, size: Size, now: datetime) -> None:
    """Fill an empty migrated database, then let the server look at what it has got."""
    _catalogue(database, size, now)
    values = {
        "now": now,
        "game": GAME,
        "open": size.opportunities,
        "chats": CHATS,
        "runs": 100 * size.factor,
        "proof": proof(now),
        "lowest": LOWEST_ASK,
        "asks": ASKS,
        "step": STEP,
    }
    for statement in STATEMENTS:
        with _in_bulk(database) as session:
            session.execute(text(statement), values)
    _history(database, size, now)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))  # else what is measured writes what was seeded
        connection.invalidate()  # its setting goes with it


@contextmanager
def _in_bulk(database: Database) -> Iterator[Session]:
    """A transaction that may take its time and whose rows are right as they are: foreign keys are not looked up."""
    with database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session


def _catalogue(database: Database, size: Size, now: datetime) -> None:
    names = [title(number) for number in range(size.titles)]
    for first in range(0, size.titles, PAGE):
        with database.transaction() as session:
            catalogue.see_titles(session, GAME, names[first : first + PAGE], now)
    with database.transaction() as session:
        fees.store(session, GAME, FeeList(DefaultFee(700, 1), ()), now)
        for number in range(1, CHATS + 1):
            chats.subscribe(session, number, "private", Filter(), now)


def _history(database: Database, size: Size, now: datetime) -> None:
    """Whole days before today, each written in the order of its index."""
    today = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)
    for ago in range(size.days, -1, -1):
        day = today - timedelta(days=ago)
        with _in_bulk(database) as session:
            history.make_partitions(session, day)
            if ago:
                partition = history.partition_name(day.date())
                values = {"day": day, "titles": size.titles, "lively": LIVELY, "changes": A_DAY - 1}
                session.execute(text(HISTORY.format(partition=partition)), values)


STATEMENTS = (
    """
    INSERT INTO prices (item_id, bid, bid_count, ask, ask_count, changed_at, confirmed_at)
    SELECT id, (:lowest + id * :step % :asks) * 8 / 10, 5, :lowest + id * :step % :asks, 9,
        :now - interval '1 hour', :now - interval '1 minute'
    FROM items
    """,
    "UPDATE item_groups SET observed_at = :now - interval '1 minute', judged_at = :now - interval '1 minute'",
    """
    INSERT INTO sales_references (item_id, observed_at, sales, complete, price)
    SELECT i.id, :now - i.id % 7200 * interval '1 second', s.sales, true, (:lowest + i.id * :step % :asks) * 9 / 10
    FROM items i, (
        SELECT jsonb_agg(jsonb_build_array(
            1450, extract(epoch FROM :now)::bigint - n * 64800, 'offer', '["", "", ""]'::jsonb, '0.2', n
        )) AS sales FROM generate_series(1, 12) n
    ) s WHERE i.id % 2 = 0
    """,
    """
    INSERT INTO verdicts (item_id, decided_at, gate, numbers, bid, ask)
    SELECT id, :now - interval '1 hour', 'below_level', '{"ask": 1000}', 900, 1000 FROM items WHERE id % 5 = 0
    """,
    """
    INSERT INTO opportunities (item_id, variant, state, game, level, exit, offer_id, buy, net, return_bps, capacity,
        cents_per_day, evidence, opened_at, confirmed_at, gone_at, gone_reason)
    SELECT i.id, 'plain' || CASE WHEN n > 0 THEN n::text ELSE '' END, CASE WHEN n > 0 THEN 'gone' ELSE 'open' END,
        :game, 'medium', 'instant', 'offer-' || i.id || CASE WHEN n > 0 THEN '-' || n ELSE '' END, 1000,
        100 + i.id % 900, 1000, 1, 100 + i.id % 900, CAST(:proof AS jsonb), :now - interval '1 hour', :now,
        CASE WHEN n > 0 THEN :now END, CASE WHEN n > 0 THEN 'below_level' END
    FROM items i, generate_series(0, 10) n WHERE i.id <= :open
    """,
    "UPDATE opportunities SET variant = '' WHERE state = 'open'",
    "UPDATE prices SET promising = true WHERE item_id IN (SELECT item_id FROM opportunities WHERE state = 'open')",
    """
    INSERT INTO opportunity_events (opportunity_id, kind, at, offer_id, buy, net)
    SELECT id, 'opened', opened_at, offer_id, buy, net FROM opportunities
    """,
    """
    INSERT INTO alerts (chat_id, kind, key, opportunity_id, offer_id, buy, priority, bulk, turn_at, silent, state,
        created_at, expires_at, next_attempt_at, finished_at)
    SELECT 1 + (o.id * 5 + n) % :chats, o.exit, 'deal:' || o.offer_id || ':' || o.buy, o.id, o.offer_id, o.buy,
        o.id % 10, false, :now + (9 - o.id % 10) * interval '10 seconds', false,
        CASE WHEN o.state = 'open' THEN 'pending' ELSE 'sent' END, :now, :now + interval '1 hour', :now,
        CASE WHEN o.state = 'gone' THEN :now END
    FROM opportunities o, generate_series(1, 5) n
    """,
    """
    INSERT INTO scan_runs (game, scheduled, state, planned_at, lease_until, expires_at, finished_at, titles, batches,
        batches_left)
    SELECT g.game, true, 'done', :now - n * interval '1 minute', :now, :now, :now - n * interval '1 minute', 600, 6, 0
    FROM generate_series(:runs, 1, -1) n, unnest(ARRAY['csgo', 'dota2', 'tf2', 'rust']) AS g (game)
    """,
    """
    INSERT INTO scan_batches (run_id, item_ids, state, attempts, rung_at)
    SELECT r.id, ARRAY(SELECT generate_series(1, 100)), 'done', 1, r.planned_at
    FROM scan_runs r, item_groups g WHERE r.game = :game AND r.planned_at > :now - interval '1 hour'
    """,
)
HISTORY = """
    INSERT INTO {partition} (item_id, observed_at, bid, bid_count, ask, ask_count)
    SELECT i.id, CAST(:day AS timestamptz) + n * t.apart, 800 + n, 5, 1000 + n, 9
    FROM generate_series(1, :titles) AS i (id)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN i.id = :lively THEN interval '5 minutes' ELSE interval '4 hours' END AS apart,
            CASE WHEN i.id = :lively THEN 287 ELSE :changes END AS last
    ) t, generate_series(0, t.last) n
"""
