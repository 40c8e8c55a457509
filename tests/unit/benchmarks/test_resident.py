"""Memory as Linux tells it, of processes that are real."""

import os
import subprocess
import sys

import pytest

from benchmarks import resident

LINUX_ONLY = pytest.mark.skipif(not resident.available(), reason="reads /proc/PID/smaps_rollup, which only Linux has")


@LINUX_ONLY
def test_a_process_holds_what_it_has_touched() -> None:
    """Thirty megabytes more are thirty megabytes more, in both measures; the shared part is never more than all."""
    before = resident.held(os.getpid())
    ballast = bytearray(b"x" * 30 * resident.MEGABYTE)
    after = resident.held(os.getpid())

    assert len(ballast) == 30 * resident.MEGABYTE
    assert after.rss - before.rss == pytest.approx(30, abs=5)
    assert 0 < after.pss <= after.rss


@LINUX_ONLY
def test_children_are_found_by_their_parent() -> None:
    """A process that was started is among its parent's children until it has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        running = resident.children(os.getpid())
        child.communicate(b"\n")

    assert child.pid in running
    assert child.pid not in resident.children(os.getpid())


@LINUX_ONLY
def test_an_ended_process_holds_nothing_that_could_be_read() -> None:
    """A benchmark whose worker died says so instead of reporting an old figure."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()

    with pytest.raises(OSError, match=str(child.pid)):
        resident.held(child.pid)
