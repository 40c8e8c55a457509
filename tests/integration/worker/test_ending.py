"""A worker that is told to end while the exchange keeps it waiting: in time, and nothing is lost or done twice."""

import signal
import time
from datetime import UTC, datetime

import pytest

from models.database import Database
from models.scans import BatchState
from sandbox.runner.announced import start_announced
from sandbox.servers.children import ProcessFamily
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import SMALL, Start, nothing
from tests.integration.worker.processes import PATIENCE, Running, celery
from tests.rows import a_run, make_partitions, rows, single

LATENCY_SECONDS = 12  # longer than any read waits
GRACE_SECONDS = 30.0  # what whoever stops a worker gives it
PAIRS = [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM)]
AT_ONCE_SECONDS = 4.0  # the end itself takes at most 1.5: this machine may be busy


@pytest.fixture(scope="session")
def slow_exchange(family: ProcessFamily) -> dict[str, str]:
    """The environment that leads to an exchange that answers nothing in time."""
    options = (*SMALL, "--latency-ms", str(LATENCY_SECONDS * 1000))
    said = start_announced(family, "slow exchange", "sandbox.exchange", options, nothing)
    return {
        "DMARKET_API_URL": said["url"],
        "DMARKET_PUBLIC_KEY": said["public_key"],
        "DMARKET_SECRET_KEY": said["secret_key"],
    }


@pytest.fixture
def run_id(database: Database) -> int:
    """A scan of three titles, one batch of it."""
    now = datetime.now(UTC)
    make_partitions(database, now)
    return a_run(database, 3, at=now)


def in_the_middle(start: Start, database: Database, run: int, slow: dict[str, str]) -> Running:
    """A worker that waits for the answer about the batch."""
    worker = start(celery("worker"), **slow)
    worker.wait_for("ready.")
    start(celery("call", "tasks.fetch_prices", "--kwargs", f'{{"run_id": {run}}}'), **slow).process.wait(PATIENCE)
    assert poll_until(lambda: state(database) == BatchState.LEASED, PATIENCE), worker.said
    return worker


def state(database: Database) -> str:
    return str(single(database, "SELECT state FROM scan_batches ORDER BY id LIMIT 1"))


def ended(worker: Running, began: float) -> float:
    """Seconds from `began` to the end of the process."""
    worker.process.wait(GRACE_SECONDS + PATIENCE)
    return time.monotonic() - began


def test_a_worker_ends_within_its_grace_and_leaves_its_batch_to_others(
    start: Start, database: Database, run_id: int, slow_exchange: dict[str, str], exchange: dict[str, str]
) -> None:
    """SIGTERM in the middle of a slow answer: exit code 0 in 30 s, the batch waits, the next worker reads it once."""
    worker = in_the_middle(start, database, run_id, slow_exchange)

    began = time.monotonic()
    worker.process.send_signal(signal.SIGTERM)
    took = ended(worker, began)
    left = state(database)
    start(celery("worker"), **exchange)
    start(celery("beat"), **exchange)
    done = poll_until(lambda: state(database) == BatchState.DONE, PATIENCE)

    assert worker.process.returncode == 0, worker.said
    assert took < GRACE_SECONDS
    assert left == BatchState.PLANNED
    assert done
    assert "Traceback" not in worker.said
    assert single(database, "SELECT prices_observed FROM scan_runs WHERE id = :run", run=run_id) == 3


@pytest.mark.parametrize(
    "pair", [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM)]
)
def test_a_second_signal_ends_a_worker_at_once(
    pair: tuple[signal.Signals, signal.Signals],
    start: Start,
    database: Database,
    run_id: int,
    slow_exchange: dict[str, str],
) -> None:
    """Nothing is waited for; the batch is free again before its lease ends, and the reaper may ring for it at once."""
    worker = in_the_middle(start, database, run_id, slow_exchange)
    worker.process.send_signal(pair[0])
    worker.wait_for("shutdown")

    began = time.monotonic()
    worker.process.send_signal(pair[1])
    took = ended(worker, began)

    assert took < AT_ONCE_SECONDS
    assert worker.process.returncode == 1
    assert "others take it over" in worker.said
    query = "SELECT state, lease_until, now() - rung_at >= interval '10 seconds' FROM scan_batches"
    assert [tuple(row) for row in rows(database, query)] == [(BatchState.PLANNED, None, True)]
