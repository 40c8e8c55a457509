import fcntl
import os
from pathlib import Path

from sandbox.servers.errors import FolderInUseError
from sandbox.servers.processes import is_running, poll_until

LOCK_FILE = "runner.lock"
# The guard of a killed runner ends its children within 5 seconds and holds the lock until then.
GUARD_SECONDS = 10.0


class RunnerLock:
    """The right to run servers in one folder, held by the runner and, through an inherited descriptor, by
    its guard: the lock of a killed runner is free only when nothing of it is left.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock; FolderInUseError if another runner lives there. `folder` is created if missing."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        os.close(self.descriptor)

    def _take(self) -> None:
        if not self._try() and (is_running(self._holder()) or not poll_until(self._try, GUARD_SECONDS)):
            raise FolderInUseError(
                f"The folder {self._folder} is in use by another runner (process {self._holder()}); "
                "stop that one first or choose another folder."
            )
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> int:
        # A runner between taking the lock and writing its id counts as this process: as running.
        return int(os.pread(self.descriptor, 32, 0) or os.getpid())
