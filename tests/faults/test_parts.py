"""The tools of a chaos run themselves: a clock that can be stepped, a way that can be cut, a supervisor."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from sandbox.runner.stack import ROOT
from sandbox.servers.child import Child
from sandbox.servers.children import ProcessFamily
from sandbox.servers.ports import free_port
from sandbox.servers.processes import poll_until
from sandbox.telegram.server import serve
from tests.faults.roster import Member
from tests.faults.skew import Clocks, missing

CLOCKS = "import sys, time\nfor line in sys.stdin: print(time.time(), time.monotonic(), flush=True)"
TOLERANCE = 0.5


@pytest.fixture
def family(tmp_path: Path) -> Iterator[ProcessFamily]:
    with ProcessFamily(tmp_path / "family") as family:
        yield family


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_clock_is_stepped_while_its_process_runs(tmp_path: Path) -> None:
    """Both ways and back, at once; the monotonic clock goes on as ever."""
    clock = Clocks(tmp_path / "clocks").of("a process")
    seen: list[tuple[float, float]] = []
    with subprocess.Popen(
        [sys.executable, "-c", CLOCKS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clock.environ,
    ) as process:
        assert process.stdin
        assert process.stdout
        for step in (0, 40, -40, 0):
            clock.step(step)
            print(file=process.stdin, flush=True)  # asks the process for its clocks
            wall, steady = map(float, process.stdout.readline().split())
            seen.append((wall - time.time(), steady - time.monotonic()))

    assert [wall for wall, _ in seen] == pytest.approx([0, 40, -40, 0], abs=TOLERANCE)
    assert [steady for _, steady in seen] == pytest.approx([0, 0, 0, 0], abs=TOLERANCE)


def answers(url: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{url}/_sandbox/health", timeout=1).ok
    return False


def test_a_gate_refuses_when_killed_and_hangs_when_frozen(family: ProcessFamily, tmp_path: Path) -> None:
    """The supervisor brings it back on the same port; a planned end is no surprise, another one is."""
    with serve() as telegram:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "tests.faults.gate", str(port), telegram.url.rpartition(":")[2]]
        gate = Member("gate", lambda: family.spawn("gate", command, output=tmp_path / "gate.log", cwd=ROOT))
        gate.open()
        try:
            assert poll_until(lambda: answers(url), 10)
            with gate.frozen(), pytest.raises(requests.ReadTimeout):
                requests.get(f"{url}/_sandbox/health", timeout=0.5)
            with gate.down(Child.kill), pytest.raises(requests.ConnectionError):
                requests.get(f"{url}/_sandbox/health", timeout=1)
            assert poll_until(lambda: answers(url), 10)
            assert gate.surprises == []
            gate.child.kill()
            assert poll_until(lambda: answers(url), 10)
        finally:
            gate.close()

    assert gate.surprises == ["gate ended by itself with exit code -9"]
