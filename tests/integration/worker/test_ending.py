"""A worker that is told to end while the exchange keeps it waiting: in time, and nothing is lost or done twice."""

import signal
import time

import pytest

from models.database import Database
from models.scans import BatchState
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.ending import AT_ONCE_SECONDS, GRACE_SECONDS, ended, in_the_middle, state
from tests.integration.worker.processes import PATIENCE, celery
from tests.rows import rows, single

PAIRS = [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.timed
def test_a_worker_ends_within_its_grace_and_leaves_its_batch_to_others(
    start: Start, database: Database, run_id: int, slow_exchange: dict[str, str], exchange: dict[str, str]
) -> None:
    """SIGTERM in the middle of a slow answer: exit code 0 in 30 s, the batch waits, the next worker reads it once."""
    worker = in_the_middle(start, database, run_id, slow_exchange, celery("worker"))

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
@pytest.mark.timed
def test_a_second_signal_ends_a_worker_at_once(
    pair: tuple[signal.Signals, signal.Signals],
    start: Start,
    database: Database,
    run_id: int,
    slow_exchange: dict[str, str],
) -> None:
    """Nothing is waited for; the batch is free again before its lease ends, and the reaper may ring for it at once."""
    worker = in_the_middle(start, database, run_id, slow_exchange, celery("worker"))
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
