"""What this process holds for as long as it works on it, so that it can be given back when the process must end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Lock

from sqlalchemy.exc import SQLAlchemyError

from telemetry.logs import logger

log = logger(__name__)


class Held:
    """Leases in the hands of this process's threads. Once `ending` is set, nobody takes up more work."""

    def __init__(self) -> None:
        self.ending = Event()
        self._lock = Lock()
        self._numbers = count()
        self._held: dict[int, Callable[[], None]] = {}

    @contextmanager
    def hold(self, give_back: Callable[[], None]) -> Iterator[None]:
        """For the time of a lease: `give_back` makes it free for other workers in one transaction of its own.

        It may be called from another thread while the work still goes on; what that writes later must be fenced.
        """
        number = next(self._numbers)
        with self._lock:
            self._held[number] = give_back
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(number, None)

    def give_back(self) -> int:
        """Give back everything that is held now; how much there was. What cannot be ends with its lease."""
        self.ending.set()
        with self._lock:
            held = list(self._held.values())
        for give_back in held:
            try:
                give_back()
            except SQLAlchemyError as error:
                log.warning("a lease could not be given back, it runs out by itself", reason=type(error).__name__)
        return len(held)


held = Held()
