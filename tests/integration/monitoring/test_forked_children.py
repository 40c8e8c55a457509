"""A worker that forks its pool tells true totals, whatever becomes of its children."""

import os
import signal
from pathlib import Path

import pytest

from sandbox.servers.processes import is_running, poll_until
from tests.integration.monitoring.samples import samples, total
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery

FEES = ["call", "tasks.refresh_fees", "--kwargs", '{"game": "csgo"}']
DONE = "skinbeat_tasks_total"


@pytest.fixture
def worker(start: Start, tmp_path: Path) -> Running:
    """One child, so that it is known who works; its files lie in a folder of the test."""
    process = start(celery("worker", "--pool", "processes", "-c", "1"), TMPDIR=str(tmp_path))
    process.wait_for("ready.")
    return process


def folders(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("skinbeat-metrics-*"))


def children(worker: Running) -> list[int]:
    """The processes that the pool has now."""
    said = Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children").read_text(encoding="ascii")
    return [int(one) for one in said.split()]


def runs_done(worker: Running) -> float:
    return total(worker.get("/metrics")[1], DONE, task="tasks.refresh_fees", outcome="done")


def work(start: Start, worker: Running, expected: int) -> None:
    """Have one task done and see it counted."""
    call = start(celery(*FEES))
    assert call.process.wait(PATIENCE) == 0, call.said
    assert poll_until(lambda: runs_done(worker) == expected, PATIENCE), worker.said


def test_a_killed_child_takes_no_total_with_it(start: Start, worker: Running, tmp_path: Path) -> None:
    """What it counted stays, what its successor counts is added, and its files are gone."""
    work(start, worker, 1)
    (child,) = [one for one in children(worker) if is_running(one)][-1:]
    os.kill(child, signal.SIGKILL)
    replaced = poll_until(lambda: child not in children(worker) and bool(children(worker)), PATIENCE)
    after = runs_done(worker)

    assert replaced
    assert after == 1
    work(start, worker, 2)
    assert not list(folders(tmp_path)[0].glob(f"*_{child}.db"))


def test_the_exchange_is_counted_where_children_ask_it(start: Start, worker: Running) -> None:
    """Requests, permits and times come from the child; gauges of all processes are one number."""
    work(start, worker, 1)
    body = worker.get("/metrics")[1]

    assert total(body, "dmarket_api_requests_total", status_code="200") >= 1
    assert total(body, "skinbeat_budget_permits_total") >= 1
    assert total(body, "skinbeat_task_seconds_count", task="tasks.refresh_fees") == 1
    assert total(body, "skinbeat_task_wait_seconds_count", queue="maintenance") == 1
    assert not [sample for sample in samples(body) if "pid" in sample.labels]
    assert total(body, "process_resident_memory_bytes") > 0


def test_the_folder_is_private_and_goes_with_the_worker(worker: Running, tmp_path: Path) -> None:
    """What a killed worker left is removed by the next one."""
    (folder,) = folders(tmp_path)
    mode = folder.stat().st_mode & 0o777
    ended = worker.end()

    assert mode == 0o700
    assert ended == 0
    assert not folders(tmp_path)
