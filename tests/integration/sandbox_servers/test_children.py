import os
import signal
import sys
import time
from pathlib import Path

import pytest

from sandbox.servers.child import Child
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError
from sandbox.servers.processes import is_running, poll_until

WAIT_FOR_SIGNAL = """
import signal, sys
def leave(number, frame):
    print(f"{sys.argv[1]} got {signal.Signals(number).name}", flush=True)
    sys.exit(3)
signal.signal(signal.SIGTERM, leave)
signal.signal(signal.SIGINT, leave)
print("ready", flush=True)
while True:
    signal.pause()
"""


def start_waiting(
    family: ProcessFamily, name: str, lines: list[str], stop_signal: signal.Signals = signal.SIGTERM
) -> Child:
    """A child that reports the signal which ends it, into `lines`."""
    mine: list[str] = []

    def keep(line: str) -> None:
        mine.append(line)
        lines.append(line)

    child = family.spawn(name, [sys.executable, "-c", WAIT_FOR_SIGNAL, name], output=keep, stop_signal=stop_signal)
    assert poll_until(lambda: "ready" in mine, 30)
    return child


def test_output_arrives_line_by_line(family: ProcessFamily) -> None:
    """A callback gets standard output and error, one call a line, without line ends."""
    lines: list[str] = []

    child = family.spawn("talker", ["sh", "-c", "echo one; echo two >&2; printf three"], output=lines.append)
    code = child.wait(30)

    assert code == 0
    assert lines == ["one", "two", "three"]


def test_output_is_appended_to_a_file(family: ProcessFamily, tmp_path: Path) -> None:
    """A path as output keeps what earlier children wrote there."""
    log = tmp_path / "talker.log"

    for word in ("first", "second"):
        family.spawn("talker", ["echo", word], output=log).wait(30)

    assert log.read_text() == "first\nsecond\n"


def test_exit_code_is_visible(family: ProcessFamily) -> None:
    """A running child has no exit code; an ended one has its own."""
    child = start_waiting(family, "a", [])
    code_while_running = child.exit_code

    child.send_signal(signal.SIGTERM)
    code = child.wait(30)

    assert code_while_running is None
    assert code == 3
    assert child.exit_code == 3
    assert not child.running


def test_child_reads_nothing_from_standard_input(family: ProcessFamily) -> None:
    """The guard's pipe, which registers the child, is not left to it."""
    lines: list[str] = []

    family.spawn("reader", ["sh", "-c", "cat; readlink /proc/self/fd/0 || true"], output=lines.append).wait(30)

    assert lines in (["/dev/null"], [])


def test_children_stop_in_reverse_order(tmp_path: Path) -> None:
    """Leaving the family stops the newest child first, each with its own signal."""
    lines: list[str] = []

    with ProcessFamily(tmp_path) as family:
        start_waiting(family, "database", lines, signal.SIGINT)
        start_waiting(family, "broker", lines)
        lines.clear()

    assert lines == ["broker got SIGTERM", "database got SIGINT"]


def test_deaf_child_is_killed_after_the_time_out(family: ProcessFamily) -> None:
    """A child that ignores its stop signal is killed, not waited for."""
    lines: list[str] = []
    deaf = 'trap "" TERM; echo ready; while :; do sleep 0.1; done'
    child = family.spawn("deaf", ["sh", "-c", deaf], output=lines.append)
    assert poll_until(lambda: lines == ["ready"], 30)

    code = child.stop(0.2)

    assert code == -signal.SIGKILL


def test_what_a_child_left_behind_is_ended_with_it(family: ProcessFamily) -> None:
    """A background program in the child's group does not survive the child."""
    lines: list[str] = []

    child = family.spawn("parent", ["sh", "-c", "sleep 600 & echo $!"], output=lines.append)
    child.wait(30)

    assert poll_until(lambda: bool(lines) and not is_running(int(lines[0])), 30)


def test_missing_program_is_named(family: ProcessFamily) -> None:
    """The sentence says which child and which program."""
    with pytest.raises(ServerError, match="broker: there is no program 'no-such-server'") as caught:
        family.spawn("broker", ["no-such-server"], output=print)

    assert caught.value.permanent


def test_wait_has_a_limit(family: ProcessFamily) -> None:
    """Waiting for a child that goes on ends with an error that allows another try."""
    child = start_waiting(family, "a", [])

    with pytest.raises(ServerError, match=r"a still runs after 0\.05 seconds") as caught:
        child.wait(0.05)

    assert not caught.value.permanent


def test_no_child_starts_without_its_guard(family: ProcessFamily) -> None:
    """Once the guard was killed, a new child could outlive the runner, so it is refused."""
    os.kill(family.guard_pid, signal.SIGKILL)
    assert poll_until(lambda: not is_running(family.guard_pid), 30)

    with pytest.raises(ServerError, match=r"The guard process .* died"):
        family.spawn("late", ["true"], output=print)


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    """The second close finds nothing to do, and closing takes no noticeable time."""
    family = ProcessFamily(tmp_path)
    family.spawn("sleeper", ["sleep", "600"], output=print)
    started = time.monotonic()

    family.close()
    family.close()

    assert [child.exit_code for child in family.children] == [-signal.SIGTERM]
    assert time.monotonic() - started < 5
