"""The process that outlives a runner killed with -9 and ends what it started.

Standard input is the read end of a pipe whose write end only the runner holds. Lines on it are
`add PID SIGNAL` (a new child, leader of its own process group) and `gone PID`. End-of-file means that the
runner is dead.
"""

import os
import signal
import sys
from collections.abc import Iterable

from sandbox.servers.processes import is_running, poll_until

GRACE_SECONDS = 4.0


def read_registrations(lines: Iterable[str]) -> dict[int, int]:
    """Follow the runner until it is gone; return the groups still registered: process id -> signal."""
    groups: dict[int, int] = {}
    for line in lines:
        match line.split():
            case ["add", pid, stop_signal]:
                groups[int(pid)] = int(stop_signal)
            case ["gone", pid]:
                groups.pop(int(pid), None)
    return groups


def signal_group(pid: int, number: int) -> None:
    """Signal a process group; a group that is already gone is what we want."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        # macOS answers PermissionError for a group of which only zombies are left.
        return


def end_groups(groups: dict[int, int], grace: float) -> None:
    """Send each group its signal, newest first, wait `grace` seconds for the leaders, kill the rest."""
    for pid, number in reversed(groups.items()):
        signal_group(pid, number)
    poll_until(lambda: not any(map(is_running, groups)), grace)
    for pid in groups:
        signal_group(pid, signal.SIGKILL)


def main() -> None:
    # Only end-of-file may end the guard: a signal meant for the runner must not leave children behind.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print("ready", flush=True)
    end_groups(read_registrations(sys.stdin), GRACE_SECONDS)


if __name__ == "__main__":
    main()
