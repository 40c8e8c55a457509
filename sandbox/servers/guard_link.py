import os
import subprocess
import sys
from pathlib import Path

from sandbox.servers.errors import ServerError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
GUARD_END_SECONDS = 8.0


class GuardLink:
    """The runner's end of the pipe to its guard process (see guard.py)."""

    def __init__(self, held_open: tuple[int, ...]) -> None:
        """Start the guard; it inherits the descriptors `held_open` and keeps them as long as it lives."""
        read_end, self.descriptor = os.pipe()
        # -S: the guard needs the standard library only and starts in half the time without site-packages
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-m", "sandbox.servers.guard"],
            stdin=read_end,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
            pass_fds=held_open,
            start_new_session=True,
        )
        os.close(read_end)
        self._await_ready()

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raise ServerError if the guard is dead: a child started now could outlive the runner."""
        if self._process.poll() is not None:
            raise ServerError(
                f"The guard process {self.pid} died (exit code {self._process.returncode}); start the runner again."
            )

    def forget(self, pid: int) -> None:
        """Tell the guard that this child was reaped, so that its id may belong to somebody else now."""
        if self._process.poll() is None:
            os.write(self.descriptor, f"gone {pid}\n".encode())

    def close(self) -> None:
        """Let the guard see end-of-file and wait until it has ended what was still registered."""
        os.close(self.descriptor)
        self._process.wait(GUARD_END_SECONDS)

    def _await_ready(self) -> None:
        if self._process.stdout is None:
            raise ServerError("The guard process has no output pipe; start the runner again.")
        with self._process.stdout as output:
            if output.readline() != b"ready\n":
                os.close(self.descriptor)
                raise ServerError(f"The guard process did not start (exit code {self._process.wait()}).")
