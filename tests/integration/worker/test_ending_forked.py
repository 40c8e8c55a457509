"""A worker with forked children that is ended by force while one of them works: nothing of it stays."""

import os
import signal
import time
from pathlib import Path

import pytest

from models.database import Database
from models.scans import BatchState
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.ending import AT_ONCE_SECONDS, ended, in_the_middle, state
from tests.integration.worker.processes import Running, celery
from tests.rows import rows

FORKING = celery("worker", "--pool", "processes", "-c", "2")
# A worker that waits a second for its children, so that a test need not last half a minute.
IMPATIENT = """
import sys
sys.argv = ["celery", "-A", "worker", "worker", "--pool", "processes", "-c", "2"]
from worker import draining
draining.DRAIN_SECONDS = 1.0
from celery.__main__ import main
main()
"""
FREE = (BatchState.PLANNED, None, True)


def status(process: int) -> tuple[str, int]:
    """The state letter and the parent of a process; "" for one that is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    return fields[0], int(fields[1])


def children(worker: Running) -> set[int]:
    running = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal())
    return {process for process in running if status(process)[1] == worker.process.pid}


def gone(processes: set[int]) -> bool:
    """At once none of them runs any more; one that only waits to be counted by its parent does not."""
    return poll_until(lambda: {status(process)[0] for process in processes} <= {"", "Z"}, AT_ONCE_SECONDS)


def batch(database: Database) -> list[tuple[object, ...]]:
    """State, end of lease, and whether the reaper may ring for it at once."""
    query = "SELECT state, lease_until, now() - rung_at >= interval '10 seconds' FROM scan_batches"
    return [tuple(row) for row in rows(database, query)]


@pytest.mark.timed
def test_a_second_signal_ends_all_processes_at_once(
    start: Start, database: Database, run_id: int, slow_exchange: dict[str, str]
) -> None:
    """The child gives back its batch before it goes, and no child outlives its parent."""
    worker = in_the_middle(start, database, run_id, slow_exchange, FORKING)
    forked = children(worker)
    worker.process.send_signal(signal.SIGTERM)
    worker.wait_for("shutdown")
    busy = state(database)

    began = time.monotonic()
    worker.process.send_signal(signal.SIGTERM)
    took = ended(worker, began)

    assert len(forked) == 2
    assert busy == BatchState.LEASED
    assert took < AT_ONCE_SECONDS
    assert gone(forked)
    assert worker.process.returncode == 1
    assert batch(database) == [FREE]
    assert "Traceback" not in worker.said


@pytest.mark.timed
def test_children_that_do_not_end_in_time_are_ended(
    start: Start, database: Database, run_id: int, slow_exchange: dict[str, str]
) -> None:
    """One signal, and a child that the exchange keeps waiting: it is not waited for, its batch is free."""
    worker = in_the_middle(start, database, run_id, slow_exchange, ["-c", IMPATIENT])
    forked = children(worker)

    began = time.monotonic()
    worker.process.send_signal(signal.SIGTERM)
    took = ended(worker, began)

    assert took < 1.0 + AT_ONCE_SECONDS
    assert gone(forked)
    assert worker.process.returncode == 0
    assert batch(database) == [FREE]


@pytest.mark.timed
def test_a_child_that_hears_nothing_goes_with_its_parent(
    start: Start, database: Database, run_id: int, slow_exchange: dict[str, str]
) -> None:
    """Stopped children cannot give back; they are killed, and the lease of the batch ends by itself."""
    worker = in_the_middle(start, database, run_id, slow_exchange, FORKING)
    forked = children(worker)
    for child in forked:
        os.kill(child, signal.SIGSTOP)
    worker.process.send_signal(signal.SIGTERM)
    worker.wait_for("shutdown")

    began = time.monotonic()
    worker.process.send_signal(signal.SIGTERM)
    took = ended(worker, began)

    assert took < AT_ONCE_SECONDS
    assert gone(forked)
    assert [(one[0], one[1] is None) for one in batch(database)] == [(BatchState.LEASED, False)]


def test_children_that_are_signalled_themselves_give_back_what_they_hold(
    start: Start, database: Database, run_id: int, slow_exchange: dict[str, str]
) -> None:
    """As by a supervisor that signals every process of a service: the batch does not wait for the end of its lease."""
    worker = in_the_middle(start, database, run_id, slow_exchange, FORKING)

    for child in children(worker):
        os.kill(child, signal.SIGTERM)
    free = poll_until(lambda: state(database) == BatchState.PLANNED, AT_ONCE_SECONDS)

    assert free, worker.said
    assert worker.process.poll() is None
