"""How long calls take, how much of that the database does, and what memory they need at their peak."""

import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import Engine, event

Result = TypeVar("Result")
MILLISECONDS = 1_000


class Meter:
    """Counts the time between handing a statement to the driver and its answer, on one engine."""

    def __init__(self, engine: Engine) -> None:
        self._times: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self._peaks: dict[str, int] = {}
        self._traced = False  # then times tell of the tracing
        self._asked = 0.0
        self._waited = 0.0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_statement: Any) -> None:
        self._asked = time.perf_counter()

    def _after(self, *_statement: Any) -> None:
        self._waited += time.perf_counter() - self._asked

    def once(self, name: str, call: Callable[[], Result]) -> Result:
        """Make the call, note its times under `name`, hand on what it returned."""
        waited, began = self._waited, time.perf_counter()
        result = call()
        took = time.perf_counter() - began
        if not self._traced:
            self._times[name].append((took * MILLISECONDS, (self._waited - waited) * MILLISECONDS))
        return result

    def often(self, name: str, times: int, call: Callable[[], object]) -> None:
        """Make the call that many times, then once more to see its memory, which would slow the others down."""
        for _ in range(times):
            self.once(name, call)
        self.peak(name, call)

    def peak(self, name: str, call: Callable[[], object]) -> None:
        """Note the most memory that Python held during one call beyond what it held before."""
        self._traced = True
        tracemalloc.start()
        try:
            call()
            self._peaks[name] = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            self._traced = False

    def figures(self) -> dict[str, dict[str, float]]:
        """For each name the median milliseconds, those of the database in them, and the peak in KiB (0: not looked)."""
        return {
            name: {
                "ms": median(took for took, _ in times),
                "database_ms": median(waited for _, waited in times),
                "kib": self._peaks.get(name, 0) / 1024,
            }
            for name, times in self._times.items()
        }
