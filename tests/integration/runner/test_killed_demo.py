"""`python -m sandbox.runner` as its user has it: killed, refused, started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sandbox.servers.processes import is_running, poll_until

ROOT = Path(__file__).parents[3]
PLAIN = {"PATH": os.environ["PATH"], "SCAN_INTERVAL_RUST": "0", "SCAN_INTERVAL_TF2": "0"}


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Runners to end with the test, in order, so that their children end too."""
    runners: list[subprocess.Popen[bytes]] = []
    yield runners
    for runner in runners:
        if runner.poll() is None:
            runner.terminate()
        runner.wait(40)


def begin(arguments: list[str], log: Path, **environ: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox.runner", *arguments],
            cwd=ROOT,
            env={**PLAIN, **environ},
            stdout=file,
            stderr=file,
        )


def family_of(pid: int) -> set[int]:
    """The process and all that descends from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, size = {pid}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def mentioning(text: str) -> list[str]:
    """Command lines and working folders of processes that have to do with `text`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found += [where for where in (line, str((process / "cwd").readlink())) if text in where]
    return found


def says(log: Path, text: str) -> bool:
    return text in log.read_text(encoding="utf-8", errors="replace")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux to see all processes")
def test_killed_demo_leaves_nothing_and_starts_again(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    """After kill -9 no process of it is left; the same folder serves the next run.

    Files that the shell names for another installation are not looked at.
    """
    data, log = tmp_path / "demo", tmp_path / "first.log"
    demo = ["demo", "--seconds", "600", "--data", str(data)]
    runner = begin(demo, log, DATABASE_URL_FILE="/nowhere", REDIS_URL_FILE="/nowhere")
    started.append(runner)
    assert poll_until(lambda: says(log, "Skinbeat is up") or runner.poll() is not None, 60), log.read_text()
    family = family_of(runner.pid)

    os.kill(runner.pid, signal.SIGKILL)
    runner.wait(30)
    gone = poll_until(lambda: not any(map(is_running, family)) and not mentioning(str(data)), 30)
    left = mentioning(str(data))
    again = begin(demo, tmp_path / "second.log")
    started.append(again)
    up = poll_until(lambda: says(tmp_path / "second.log", "Skinbeat is up") or again.poll() is not None, 60)
    again.terminate()
    code = again.wait(40)

    assert len(family) > 8  # runner, guard, two servers, two sandboxes, worker, beat, bot
    assert gone, left
    assert up, (tmp_path / "second.log").read_text()
    assert code == 128 + signal.SIGTERM


def test_bad_environment_is_refused_before_anything_starts(tmp_path: Path) -> None:
    """Exit code 2, each problem a line, no folder made."""
    log = tmp_path / "log"
    runner = begin(
        ["run", "--data", str(tmp_path / "run")], log, DATABASE_URL="x", LOG_LEVEL="loud", CELERY_BROKER_URL="y"
    )

    code = runner.wait(20)

    assert code == 2
    assert {line.split(":")[0] for line in log.read_text().splitlines()} == {
        "DATABASE_URL",
        "LOG_LEVEL",
        "CELERY_BROKER_URL",
        "REDIS_URL is not set",
    }
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("seconds", ["0", "ten", "-5"])
def test_wrong_time_is_a_usage_error(seconds: str, tmp_path: Path) -> None:
    """Also from the variable that `make demo` passes on."""
    log = tmp_path / "log"

    code = begin(["demo"], log, DEMO_SECONDS=seconds).wait(20)

    assert code == 2
    assert f"'{seconds}' is not a whole number of seconds, such as 45" in log.read_text()
