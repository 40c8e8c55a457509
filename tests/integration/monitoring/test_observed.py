"""What one worker reads for all, on a real database and a real broker."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import Connection

from config.settings import Settings
from domain.games import GAMES
from models.database import Database
from models.queries import switches
from telemetry import metrics
from telemetry.readings import Reading
from tests.factories import NOW
from tests.rows import (
    a_run,
    claim_batch,
    finish_batch,
    make_chat,
    make_items,
    make_partitions,
    nominate,
    read_all,
    rows,
)
from worker.lock import ReadersLock
from worker.observing import Values, of_broker, of_database
from worker.queues import age_of

MINUTE = timedelta(minutes=1)
SETTINGS = Settings(scan_intervals={"csgo": 30, "dota2": 60, "tf2": 0, "rust": 0})
MOST_SECONDS = 0.25  # for all reads, five times what they should take on a quiet machine


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def value(told: Values, reading: Reading, *labels: str) -> float | None:
    """The one value with these labels, None where none is told."""
    found = [number for names, number in told.get(reading, []) if names == labels]
    assert len(found) <= 1
    return found[0] if found else None


def test_an_empty_database_is_no_error(connection: Connection) -> None:
    """What is not known has no value; what is none is 0."""
    told = of_database(connection, SETTINGS, NOW)

    assert value(told, metrics.TITLES, "csgo") == 0
    assert value(told, metrics.SCAN_INTERVAL, "csgo") == 30
    assert value(told, metrics.SCAN_INTERVAL, "tf2") is None  # switched off
    assert metrics.TITLE_AGE not in told
    assert metrics.COVERAGE not in told
    assert metrics.SCAN_FINISHED not in told
    assert metrics.PARTITIONS not in told
    assert value(told, metrics.OUTBOX_OLDEST) == 0
    assert value(told, metrics.WORKERS) == 0
    assert {names for names, _ in told[metrics.GAME_PAUSED]} == {(game,) for game in GAMES}


def test_ages_are_weighted_by_titles(database: Database, connection: Connection) -> None:
    """Half of the titles, and 19 of 20, are younger; what was never read counts for coverage alone."""
    make_items(database, 600)
    rows(database, "UPDATE item_groups SET worth = 5, size = 100, observed_at = NULL WHERE game = 'csgo' RETURNING id")
    for place, (size, age) in enumerate([(60, 10), (30, 60), (8, 200), (2, 900)]):
        rows(
            database,
            "UPDATE item_groups SET size = :size, observed_at = :at WHERE id = "
            "(SELECT id FROM item_groups ORDER BY id OFFSET :place LIMIT 1) RETURNING id",
            size=size,
            at=NOW - timedelta(seconds=age),
            place=place,
        )

    told = of_database(connection, SETTINGS, NOW)

    assert value(told, metrics.TITLE_AGE, "csgo", "50") == 10
    assert value(told, metrics.TITLE_AGE, "csgo", "95") == 200
    assert value(told, metrics.TITLES, "csgo") == 300
    assert value(told, metrics.COVERAGE, "csgo") == pytest.approx(90 / 300)  # promised: 120 s


def test_titles_nobody_prices_any_more_do_not_count(database: Database, connection: Connection) -> None:
    """A group that the catalogue forgot would age for ever."""
    make_items(database, 100)
    rows(database, "UPDATE item_groups SET worth = 0, observed_at = :at RETURNING id", at=NOW - 99 * MINUTE)

    told = of_database(connection, SETTINGS, NOW)

    assert value(told, metrics.TITLES, "csgo") == 0
    assert metrics.TITLE_AGE not in told


def test_the_last_completed_scan_is_told(database: Database, connection: Connection) -> None:
    """Not one that is under way."""
    make_items(database, 250)
    read_all(database, NOW - 3 * MINUTE)
    first = of_database(connection, SETTINGS, NOW)
    run = a_run(database, 250, at=NOW - MINUTE)
    second = of_database(connection, SETTINGS, NOW)
    while batch := claim_batch(database, run, NOW - MINUTE):
        finish_batch(database, batch, NOW - MINUTE / 2)
    third = of_database(connection, SETTINGS, NOW)

    assert value(first, metrics.SCAN_FINISHED, "csgo") == (NOW - 3 * MINUTE).timestamp()
    assert value(second, metrics.SCAN_FINISHED, "csgo") == value(first, metrics.SCAN_FINISHED, "csgo")
    assert value(second, metrics.WORK_WAITING, "batch") == 3
    assert value(second, metrics.WORK_OLDEST, "batch") == 60
    assert value(third, metrics.SCAN_SECONDS, "csgo") == 30
    assert value(third, metrics.WORK_WAITING, "batch") == 0


def test_work_that_waits_is_counted_and_aged(database: Database, connection: Connection) -> None:
    """Nominees, and alerts by state; who is not due yet does not make the outbox old."""
    items = make_items(database, 3)
    for place, item in enumerate(items.values()):
        nominate(database, item, NOW - timedelta(seconds=10 * place))
    make_chat(database, 1)
    for state, due, age in (("pending", 0, 40), ("pending", 60, 90), ("held", 60, 300), ("sending", 0, 50)):
        rows(
            database,
            "INSERT INTO alerts (chat_id, kind, key, payload, priority, bulk, turn_at, silent, state, created_at,"
            " expires_at, next_attempt_at) VALUES (1, 'notice', :key, '{}', 1, false, :at, false, :state, :at,"
            " :ends, :due) RETURNING id",
            key=f"{state}{due}",
            state=state,
            at=NOW - timedelta(seconds=age),
            due=NOW + timedelta(seconds=due),
            ends=NOW + MINUTE,
        )

    told = of_database(connection, SETTINGS, NOW)

    assert value(told, metrics.WORK_WAITING, "nominee") == 3
    assert value(told, metrics.WORK_OLDEST, "nominee") == 20
    assert [value(told, metrics.OUTBOX, state) for state in ("pending", "held", "sending")] == [2, 1, 1]
    assert value(told, metrics.OUTBOX_OLDEST) == 40


def test_partitions_and_pauses_are_told(database: Database, connection: Connection) -> None:
    """Today and three days ahead; the newest edge is the first moment without a partition."""
    make_partitions(database, NOW)
    with database.transaction() as session:
        switches.pause(session, "csgo", 1, NOW)
    day = NOW.replace(hour=0, minute=0, second=0, microsecond=0)

    told = of_database(connection, SETTINGS, NOW)

    assert value(told, metrics.PARTITIONS, "oldest") == day.timestamp()
    assert value(told, metrics.PARTITIONS, "newest") == (day + timedelta(days=4)).timestamp()
    assert value(told, metrics.GAME_PAUSED, "csgo") == 1
    assert value(told, metrics.GAME_PAUSED, "rust") == 0


@pytest.mark.timed
def test_the_look_is_short_on_a_large_installation(database: Database, connection: Connection) -> None:
    """200,000 titles, a week of scans and 100,000 alerts of the past."""
    rows(
        database,
        "INSERT INTO item_groups (game, size, observed_at, worth) SELECT (ARRAY['csgo','dota2'])[1 + n % 2], 100,"
        " CAST(:now AS timestamptz) - n * interval '1 second', 3 FROM generate_series(1, 2000) n RETURNING id",
        now=NOW,
    )
    rows(
        database,
        "INSERT INTO scan_runs (game, scheduled, state, planned_at, lease_until, expires_at, finished_at, titles,"
        " batches, batches_left) SELECT (ARRAY['csgo','dota2'])[1 + n % 2], true, 'done', t, t, t, t, 1, 1, 0 FROM"
        " (SELECT n, CAST(:now AS timestamptz) - n * interval '15 seconds' AS t FROM generate_series(1, 40000) n) s"
        " RETURNING id",
        now=NOW,
    )
    make_chat(database, 1)
    rows(
        database,
        "INSERT INTO alerts (chat_id, kind, key, payload, priority, bulk, turn_at, silent, state, created_at,"
        " expires_at, next_attempt_at, finished_at) SELECT 1, 'notice', n, '{}', 1, false, :now, false, 'sent', :now,"
        " :now, :now, :now FROM generate_series(1, 100000) n RETURNING id",
        now=NOW,
    )
    connection.exec_driver_sql("ANALYZE")
    of_database(connection, SETTINGS, NOW)
    began = time.perf_counter()
    of_database(connection, SETTINGS, NOW)
    took = time.perf_counter() - began
    print(f"one look took {1000 * took:.1f} ms")  # noqa: T201  # shown with -s, for whoever wonders

    assert took < MOST_SECONDS


def test_one_of_two_holds_the_lock(database_url: str) -> None:
    """The other one keeps no connection, and takes over when the first lets go."""
    url = database_url.replace("postgresql://", "postgresql+psycopg2://")
    first, second = ReadersLock(url), ReadersLock(url)
    mine, others = first.take(), second.take()
    again = first.take()
    first.release()
    after = second.take()
    second.release()

    assert mine is not None
    assert again is mine
    assert others is None
    assert after is not None


@pytest.fixture
def app(redis_url: str) -> Iterator[Celery]:
    with Celery(broker=redis_url, set_as_current=False) as app:
        yield app


def test_queues_are_measured_without_taking_anything(app: Celery, redis_url: str) -> None:
    """Length, and the age of the message that is next; a queue that nobody used is empty."""
    empty = of_broker(app, NOW)
    for _ in range(2):
        app.send_task("tasks.verify_item", queue="verify")
    later = datetime.now(UTC) + MINUTE
    twice = [of_broker(app, later) for _ in range(2)]

    assert dict(empty[metrics.QUEUE_LENGTH]) == {(queue,): 0 for queue in ("scan", "prices", "verify", "maintenance")}
    for told in twice:
        assert value(told, metrics.QUEUE_LENGTH, "verify") == 2
        assert value(told, metrics.QUEUE_LENGTH, "scan") == 0
        assert value(told, metrics.QUEUE_OLDEST, "verify") == pytest.approx(60, abs=10)
        assert value(told, metrics.QUEUE_OLDEST, "scan") == 0


def test_a_broker_that_is_away_is_an_error() -> None:
    """So that no value is told."""
    with Celery(broker="redis://127.0.0.1:1/0", set_as_current=False) as app, pytest.raises(BrokerError):
        of_broker(app, NOW)


@pytest.mark.parametrize(
    ("message", "age"),
    [
        (None, 0),
        (b'{"headers": {"sent_at": %d}}' % (NOW.timestamp() - 5), 5),
        (b'{"headers": {"sent_at": %d}}' % (NOW.timestamp() + 5), 0),
        (b'{"headers": {}}', None),
        (b'{"headers": {"sent_at": "soon"}}', None),
        (b'{"headers": {"sent_at": null}}', None),
        (b"[]", None),
        (b"\xff", None),
    ],
)
def test_the_age_of_a_message_is_believed_only_where_it_is_one(message: bytes | None, age: float | None) -> None:
    """Whoever reaches the broker can put anything there."""
    assert age_of(message, NOW) == age
