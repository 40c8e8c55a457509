"""Processes that start before what they depend on."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import PostgresServer
from tests.integration.conftest import TEMPLATE, run_sql, with_name
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import Running, celery


def complaints(process: Running) -> list[str]:
    lines = [json.loads(line) for line in process.said.splitlines() if line.startswith("{")]
    return [line["event"] for line in lines if line["level"] in {"warning", "error", "critical"}]


def test_worker_and_beat_wait_for_the_broker_and_go_on_when_it_comes(
    start: Start, family: ProcessFamily, tmp_path: Path
) -> None:
    """Alive but not ready without it, a line a try with growing pauses, no traceback; then beat's bells arrive."""
    server = start_broker(tmp_path / "late", family)
    server.stop()
    url = server.url
    worker = start(celery("worker"), CELERY_BROKER_URL=url, REDIS_URL=url)
    beat = start(celery("beat"), CELERY_BROKER_URL=url)

    for process in (worker, beat):
        process.wait_for("Trying again in 4.0")
        process.wait_until("/health", 200)
    broker_says = json.loads(worker.get("/ready")[1])["broker"]
    without = worker.said + beat.said
    tries = complaints(worker) + complaints(beat)
    with ExitStack() as stack:
        stack.callback(start_broker(tmp_path / "late", family).stop)
        worker.wait_until("/ready", 200)
        worker.wait_for('"event": "fees read"')
        codes = (beat.end(), worker.end())

    assert broker_says.startswith("the broker does not answer: Error 111")
    assert "Traceback" not in without
    assert tries
    assert all("Cannot connect" in line or "Connection error" in line for line in tries)
    assert not [line for line in tries if "\n" in line]
    assert codes == (0, 0)


def test_worker_that_loses_its_broker_finds_it_again(start: Start, family: ProcessFamily, tmp_path: Path) -> None:
    """Lines, not stacks, while it is away; messages are worked on after it is back."""
    server = start_broker(tmp_path / "lost", family)
    worker = start(celery("worker"), CELERY_BROKER_URL=server.url, REDIS_URL=server.url)
    worker.wait_for("ready.")

    server.child.kill()
    worker.wait_until("/ready", 503)
    worker.wait_for("Cannot connect")
    with ExitStack() as stack:
        stack.callback(start_broker(tmp_path / "lost", family).stop)
        worker.wait_until("/ready", 200)
        call = start(celery("call", "tasks.refresh_fees", "--kwargs", '{"game": "csgo"}'), CELERY_BROKER_URL=server.url)
        assert call.process.wait(20) == 0, call.said
        worker.wait_for('"event": "fees read"')

    assert "Traceback" not in worker.said


@pytest.mark.parametrize(
    ("made", "missing"),
    [("", "the database does not answer: "), ("CREATE DATABASE late_empty", "run `alembic upgrade head`")],
)
def test_worker_waits_for_a_database_and_its_tables(
    made: str, missing: str, start: Start, postgres: PostgresServer
) -> None:
    """It says what is missing when it starts and at /ready, and works as soon as it is there."""
    if made:
        run_sql(postgres.url, made)
    worker = start(celery("worker"), DATABASE_URL=with_name(postgres.url, "late_empty"))
    worker.wait_for("not ready, the work waits")
    status, body = worker.get("/ready")
    without = worker.said

    run_sql(postgres.url, "DROP DATABASE IF EXISTS late_empty WITH (FORCE)")
    run_sql(postgres.url, f"CREATE DATABASE late_empty TEMPLATE {TEMPLATE}")
    worker.wait_until("/ready", 200)
    worker.kill()
    run_sql(postgres.url, "DROP DATABASE late_empty WITH (FORCE)")

    assert status == 503
    assert missing in json.loads(body)["database"]
    assert missing in without
    assert "Traceback" not in without
