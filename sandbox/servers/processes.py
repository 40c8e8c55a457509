import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.02


def is_running(pid: int) -> bool:
    """Whether a process with this id exists and is not a zombie waiting for its parent."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    # Only Linux shows the state without starting `ps`; elsewhere init reaps orphans at once.
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"


def command_line(pid: int) -> str:
    """The command line of a process as `ps` shows it, empty if the process does not exist."""
    # -ww: without it macOS and Linux cut the line at the width of the terminal
    listing = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout.strip()


def poll_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Check `condition` again and again for at most `seconds`; tell whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
