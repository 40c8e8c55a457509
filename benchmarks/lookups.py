"""What a person waits for who asks about a title: finding it, its card, its course, and the movers of a game.

Over the titles of the simulated market's whole grammar, the largest game with ten changes a title and day.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks import figures
from benchmarks.report import Bar, Report
from models.database import Database
from models.queries import charts, history, market, search, why
from sandbox.exchange.titles import draw_titles
from sandbox.runner.stack import migrate
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import start_postgres

COLUMNS = ("question", "asked", "p50 ms", "p99 ms", "most ms")
TITLES = {
    False: {"csgo": 34_500, "dota2": 10_000, "tf2": 6_300, "rust": 3_000},
    True: {"csgo": 6_000, "dota2": 600, "tf2": 600, "rust": 300},
}
DAYS = {False: 30, True: 8}
ROUNDS = {False: 20, True: 3}
TYPED = (
    "ak redline ft", "karambit doppler", "karambti", "AK-47 | Redline (Field-Tested)", "st awp asimov mw", "ak", "case",
    "sticker", "ft", "a", "redlien", "ak redline ft skin please", "xyzzy", "unusual force a nature", "souvenir awp fn",
)  # fmt: skip  # one line each would say no more
TYPED_MS, MOVERS_MS, ITEM_MS = 50, 200, 100


def measure(*, quick: bool) -> Report:
    report = Report("lookups", COLUMNS)
    now = datetime.now(UTC)
    with _database() as database:
        items = _fill(database, TITLES[quick], DAYS[quick], now)
        rounds, rng = ROUNDS[quick], Random(1)
        finding = [_find(typed) for typed in TYPED] * rounds
        _time(report, database, "find", finding, TYPED_MS)
        for hours in (24, 168):
            _time(report, database, f"movers, {hours} h", [_movers(hours, now)] * rounds, MOVERS_MS)
        asked = [rng.choice(items) for _ in range(10 * rounds)]
        _time(report, database, "card", [_card(item, now) for item in asked], ITEM_MS)
        _time(report, database, "course, 30 d", [_course(item, now) for item in asked], ITEM_MS)
        _time(report, database, "why", [_why(item) for item in asked], ITEM_MS)
        report.notes.append(f"{sum(TITLES[quick].values()):,} titles, {DAYS[quick]} days of history")
    return report


Question = Callable[[Session], object]


def _find(typed: str) -> Question:
    return lambda session: search.find(session, typed)


def _movers(hours: int, now: datetime) -> Question:
    return lambda session: market.movers(session, "csgo", hours, now)


def _card(item: int, now: datetime) -> Question:
    return lambda session: market.price_of(session, item, now)


def _course(item: int, now: datetime) -> Question:
    return lambda session: charts.course(session, item, timedelta(days=30), now)


def _why(item: int) -> Question:
    return lambda session: why.why(session, item, 1)


def _time(report: Report, database: Database, name: str, questions: list[Question], most: int) -> None:
    taken = []
    for question in [questions[0], *questions]:  # the first one warms up
        with database.transaction() as session:
            session.execute(text("SELECT 1"))
            began = time.perf_counter()
            question(session)
            taken.append(1000 * (time.perf_counter() - began))
    taken = taken[1:]
    p50, p99 = figures.percentile(taken, 50), figures.percentile(taken, 99)
    report.rows.append((name, len(taken), p50, p99, max(taken)))
    report.bars.append(Bar(f"{name}: p99 in ms", p99, most=most, slack=3))


@contextmanager
def _database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as name, ProcessFamily(Path(name)) as family:
        url = start_postgres(Path(name) / "postgres", family, durable=False).url
        migrate({**os.environ, "DATABASE_URL": url})
        database = Database(url.replace("postgresql://", "postgresql+psycopg2://"))
        yield database
        database.dispose()


def _fill(database: Database, titles: dict[str, int], days: int, now: datetime) -> list[int]:
    """Everything as after so many days; the ids of the largest game's titles."""
    for game, count in titles.items():
        with database.transaction() as session:
            named = draw_titles(game, count, Random(1))
            session.execute(text(_TITLES), {"game": game, "titles": named, "now": now})
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for statement in (_PRICES, _SALES):
        _in_bulk(database, statement, {"now": now})
    for ago in range(days, -1, -1):
        day = today - timedelta(days=ago)
        with database.transaction() as session:
            history.make_partitions(session, day)
        _in_bulk(database, _HISTORY, {"day": day, "ago": ago, "now": now})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.invalidate()  # its setting goes with it
    with database.transaction() as session:
        return list(session.scalars(text("SELECT id FROM items WHERE game = 'csgo'")))


def _in_bulk(database: Database, statement: str, values: dict[str, object]) -> None:
    with database.transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text(statement), values)


_TITLES = """
    WITH made AS (INSERT INTO item_groups (game, size, observed_at) VALUES (:game, 100, :now) RETURNING id)
    INSERT INTO items (game, title, group_id, first_seen_at, last_seen_at)
    SELECT :game, t, made.id, :now, :now FROM unnest(CAST(:titles AS text[])) t, made
"""
_PRICES = """
    INSERT INTO prices (item_id, bid, bid_count, ask, ask_count, changed_at, confirmed_at, churn)
    SELECT id, (60 + id * 7919 % 20000) * 88 / 100, 1 + id % 40, 60 + id * 7919 % 20000, 1 + id % 60,
        :now - id % 7200 * interval '1 s', :now, 1000 + id % 5000
    FROM items
"""
_SALES = """
    INSERT INTO sales_references (item_id, observed_at, sales, complete, price)
    SELECT i.id, :now, s.sales, true, (60 + i.id * 7919 % 20000) * 9 / 10
    FROM items i, (
        SELECT jsonb_agg(jsonb_build_array(
            1450, extract(epoch FROM :now)::bigint - n * 64800, 'offer', '["", "", ""]'::jsonb, '0.2', n
        )) AS sales FROM generate_series(1, 12) n
    ) s WHERE i.id % 10 < 7
"""
_HISTORY = """
    INSERT INTO price_history (item_id, observed_at, bid, bid_count, ask, ask_count)
    SELECT i.id, :day + (n * 8640 + i.id % 8000) * interval '1 s',
        (60 + i.id * 7919 % 20000) * (78 + (i.id * 31 + n * 7 + :ago) % 10) / 100, 5,
        (60 + i.id * 7919 % 20000) * (90 + (i.id * 17 + n * 13 + :ago * 3) % 20) / 100, 9
    FROM items i, generate_series(0, 9) n
    WHERE i.game = 'csgo' AND :day + (n * 8640 + i.id % 8000) * interval '1 s' < :now
"""
