"""The files that the processes of a forking worker count in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# A process of its own: how metrics count is decided once, before the first of them is made.
PROGRAM = """
import os, sys
from telemetry.multiprocess import files
files.begin()
from prometheus_client import Counter, Gauge, Histogram
TASKS = Counter("done_total", "Done.", ["task"])
USED = Gauge("used", "In use.", multiprocess_mode="livesum")
SECONDS = Histogram("took_seconds", "Took.", buckets=(1, 2))

def child(seconds):
    pid = os.fork()
    if not pid:
        TASKS.labels("a").inc()
        USED.set(3)
        SECONDS.observe(seconds)
        os._exit(0)
    os.waitpid(pid, 0)

TASKS.labels("a").inc(5)
USED.set(1)
for round in range(40):
    child(round % 2 + 0.5)
    if round % 10 == 9:
        files.told()
lines = [line for line in files.told().decode().splitlines() if not line.startswith(("#", "process_"))]
print("\\n".join(lines))
print("files", len(os.listdir(files.folder)), "mode", oct(files.folder.stat().st_mode & 0o777))
"""


@pytest.fixture
def said(tmp_path: Path) -> list[str]:
    (tmp_path / f"skinbeat-metrics-{2**22 + 1}-x").mkdir()  # no process has a number that high
    (tmp_path / f"skinbeat-metrics-{os.getpid()}-x").mkdir()
    root = Path(__file__).parents[3]
    environ = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(root)}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout.splitlines()


def test_totals_of_the_dead_are_kept_and_their_gauges_are_not(said: list[str]) -> None:
    """However often children come and go, counters and histograms add up."""
    assert 'done_total{task="a"} 45.0' in said
    assert "used 1.0" in said
    assert "took_seconds_count 40.0" in said
    assert 'took_seconds_bucket{le="1.0"} 20.0' in said
    assert "took_seconds_sum 40.0" in said


def test_children_that_ended_leave_no_files(said: list[str]) -> None:
    """Three of the parent and two of all the dead; nobody else may read them."""
    assert said[-1] == "files 5 mode 0o700"


def test_only_folders_of_processes_that_run_are_left(said: list[str], tmp_path: Path) -> None:
    """Its own went with it; that of a killed worker is removed, another's that runs is not."""
    assert [path.name for path in tmp_path.iterdir()] == [f"skinbeat-metrics-{os.getpid()}-x"]
