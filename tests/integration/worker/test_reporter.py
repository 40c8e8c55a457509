"""What worker processes and their threads write into the table of conditions."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from config.settings import load
from domain.conditions import Part
from models.database import Database
from sandbox.servers.processes import poll_until
from tasks.services import Services, build
from telemetry.conditions import Conditions
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, celery
from tests.rows import rows
from worker.reporter import SECONDS, Reporter


@pytest.fixture
def work(environ: dict[str, str]) -> Iterator[Services]:
    work = build(load(environ, "worker"))
    yield work
    work.database.dispose()


@pytest.fixture
def known() -> Conditions:
    return Conditions()


def told(database: Database) -> dict[str, Any]:
    """The reason of each reported part, None while it is well; nothing while the table is away."""
    with suppress(DBAPIError):
        return {row.part: row.reason for row in rows(database, "SELECT part, reason FROM conditions")}
    return {}


@pytest.fixture
def reporter(work: Services, known: Conditions) -> Iterator[Reporter]:
    reporter = Reporter(known, {Part.BROKER: lambda: None}, work)
    reporter.start()
    yield reporter
    reporter.stop()


@pytest.mark.timed
def test_a_change_is_told_at_once(database: Database, known: Conditions, reporter: Reporter) -> None:
    """Not only when the next look is due."""
    assert poll_until(lambda: Part.BROKER in told(database), PATIENCE)

    before = time.monotonic()
    known.failed(Part.OFFERS, "offers: HTTP 500", datetime.now(UTC))
    noticed = poll_until(lambda: told(database).get(Part.OFFERS) == "offers: HTTP 500", PATIENCE)

    assert noticed
    assert time.monotonic() - before < SECONDS
    known.good(Part.OFFERS, datetime.now(UTC))
    assert poll_until(lambda: told(database)[Part.OFFERS] is None, PATIENCE)


def test_a_database_that_takes_no_report_is_a_condition_too(
    database: Database, known: Conditions, reporter: Reporter
) -> None:
    """The thread goes on, and reports again when it can."""
    rows(database, "ALTER TABLE conditions RENAME TO away; SELECT 1")
    failing = poll_until(lambda: bool(known.degraded({Part.DATABASE})), PATIENCE)
    (condition,) = known.degraded({Part.DATABASE})
    rows(database, "ALTER TABLE away RENAME TO conditions; SELECT 1")

    assert failing
    assert condition.reason is not None
    assert condition.reason.startswith('the database does not answer: relation "conditions" does not exist')
    assert poll_until(lambda: not known.degraded({Part.DATABASE}), PATIENCE)


def test_beat_keeps_its_metrics_without_a_database(known: Conditions) -> None:
    """It has none: only the look at its broker."""
    reporter = Reporter(known, {Part.BROKER: lambda: "the broker does not answer"})
    reporter.start()
    noticed = poll_until(lambda: bool(known.degraded({Part.BROKER})), PATIENCE)
    reporter.stop()

    assert noticed


def test_forked_children_report_what_they_read(start: Start, database: Database) -> None:
    """Beside their parent, which looks at servers and reads nothing."""
    worker = start(celery("worker", "--pool", "processes", "-c", "1"))
    worker.wait_for("ready.")
    call = start(celery("call", "tasks.refresh_fees", "--kwargs", '{"game": "csgo"}'))
    assert call.process.wait(PATIENCE) == 0, call.said
    read = "SELECT process FROM conditions WHERE part = 'fees' AND good_at IS NOT NULL"
    arrived = poll_until(lambda: bool(rows(database, read)), PATIENCE)

    assert arrived, worker.said
    ((child,),) = rows(database, read)
    looked = {row.process for row in rows(database, "SELECT process FROM conditions WHERE part = 'broker'")}
    assert looked == {f"{os.uname().nodename}:{worker.process.pid}"}
    assert child not in looked


def test_a_worker_that_is_well_says_so(start: Start) -> None:
    """Everything it needs by name; an exchange that was never asked is no trouble."""
    worker = start(celery("worker"))
    worker.wait_until("/ready", 200)

    answers = json.loads(worker.get("/ready")[1])
    assert set(answers) == {"database", "broker", "redis", "exchange", "data"}
    assert {name for name, answer in answers.items() if answer != "ok"} == {"data"}  # nobody has begun a scan


def test_a_worker_without_its_rate_budget_is_not_ready(start: Start) -> None:
    """Nothing but that is wrong, and its password is not told."""
    worker = start(celery("worker"), REDIS_URL="redis://:canary@127.0.0.1:1/0")
    worker.wait_until("/ready", 503)
    said = worker.get("/ready")[1]
    shown = poll_until(lambda: 'skinbeat_degraded{part="budget"} 1.0' in worker.get("/metrics")[1], PATIENCE)

    assert '"redis": "the rate budget\'s Redis does not answer: ' in said
    assert said.count('"ok"') == 3
    assert "canary" not in said
    assert shown
