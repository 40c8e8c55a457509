"""How often each method was called and how it was answered: totals, single seconds, the fullest second."""

from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.telegram.faults import CARRIERS

KEPT_SECONDS = 3600


@dataclass(slots=True)
class Tally:
    """`limited` are answers with 429, `failed` all other refusals."""

    accepted: int = 0
    limited: int = 0
    failed: int = 0

    def count(self, code: int) -> None:
        if code == 200:
            self.accepted += 1
        elif code == 429:
            self.limited += 1
        else:
            self.failed += 1


@dataclass(slots=True)
class Second:
    """The calls answered in the unix second `at`, by method."""

    at: int
    methods: dict[str, Tally] = field(default_factory=dict)


class Traffic:
    """`carried` is about accepted calls of CARRIERS, which Telegram limits to 30 a second."""

    def __init__(self) -> None:
        self._methods: dict[str, Tally] = {}
        self._seconds: deque[Second] = deque(maxlen=KEPT_SECONDS)
        self._recent: deque[float] = deque()
        self._largest = 0
        self._first = self._last = 0.0

    def count(self, method: str, code: int, now: float) -> None:
        """One answer with `code` at `now` (unix seconds), given below the connection or not."""
        self._methods.setdefault(method, Tally()).count(code)
        if not self._seconds or self._seconds[-1].at != int(now):
            self._seconds.append(Second(int(now)))
        self._seconds[-1].methods.setdefault(method, Tally()).count(code)
        if code == 200 and method in CARRIERS:
            self._carry(now)

    def report(self, since: float) -> dict[str, Any]:
        """`seconds` from the unix second `since` on, without those in which nothing was called."""
        carried = sum(tally.accepted for name, tally in self._methods.items() if name in CARRIERS)
        return {
            "methods": {name: asdict(tally) for name, tally in self._methods.items()},
            "seconds": [asdict(second) for second in self._seconds if second.at >= since],
            "carried": {
                "accepted": carried,
                "limited": sum(tally.limited for name, tally in self._methods.items() if name in CARRIERS),
                "largest_in_a_second": self._largest,
                "first_at": self._first or None,
                "last_at": self._last or None,
            },
        }

    def _carry(self, now: float) -> None:
        self._first = self._first or now
        self._last = now
        self._recent.append(now)
        while self._recent[0] <= now - 1:
            self._recent.popleft()
        self._largest = max(self._largest, len(self._recent))
