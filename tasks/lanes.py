"""At most so many of a kind at once in this process; what is asked for beyond that is counted, not waited for."""

from threading import Lock


class Lanes:
    """Keeps work that waits for a scarce permit from taking all threads.

    Whoever gets a lane serves requests until `take` says that none is left; others leave their requests with them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy = 0
        self._asked = 0
        self._lock = Lock()

    def ask(self, times: int = 1) -> bool:
        """Leave `times` requests. True gives the caller a lane, to be given up by `take` or `leave`."""
        with self._lock:
            self._asked += times
            free = self._busy < self._most
            self._busy += free
            return free

    def take(self) -> bool:
        """Take over one request; False where none is left, and the lane is given up."""
        with self._lock:
            taken = self._asked > 0
            self._asked -= taken
            self._busy -= not taken
            return taken

    def leave(self) -> int:
        """Give the lane up early; the requests that nobody is left to serve."""
        with self._lock:
            self._busy -= 1
            left = 0 if self._busy else self._asked
            self._asked -= left
            return left
