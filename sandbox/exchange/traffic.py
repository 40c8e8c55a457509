"""What clients really sent: totals, bursts in any rolling second, and a log of the newest requests."""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

LOG_LENGTH = 200_000
TITLE_PATH = "/marketplace-api/v1/targets-by-title/"


def path_label(path: str) -> str:
    """A path without its title, so that counting stays bounded."""
    return f"{TITLE_PATH}{{game_id}}/{{title}}" if path.startswith(TITLE_PATH) else path


@dataclass(slots=True)
class Flow:
    """One account's requests in one group. `largest` is the most in any rolling 1.000 s."""

    total: int = 0
    rejected: int = 0
    largest: int = 0
    over_limit_windows: int = 0
    last_over: int = -1
    paths: Counter[str] = field(default_factory=Counter)
    recent: deque[float] = field(default_factory=deque)

    def arrive(self, path: str, moment: float) -> None:
        """Counts a request that arrived at `moment` seconds of a steady clock."""
        self.total += 1
        self.paths[path_label(path)] += 1
        self.recent.append(moment)
        while self.recent[0] <= moment - 1:
            self.recent.popleft()
        self.largest = max(self.largest, len(self.recent))

    def reject(self, second: int) -> None:
        """Counts a 429 in the window of that unix `second`."""
        self.rejected += 1
        self.over_limit_windows += self.last_over != second
        self.last_over = second

    def report(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "rejected": self.rejected,
            "maxInRollingSecond": self.largest,
            "overLimitWindows": self.over_limit_windows,
            "paths": dict(self.paths),
        }


@dataclass(frozen=True, slots=True)
class Request:
    """`time` in unix seconds; `titles` counts the titles an aggregated-prices body asked for.

    `peer` is the address of the host that called, "" where it did not come through a socket. `answered` is when its
    answer was ready to be sent (unix seconds); `deals` are the titles of true opportunities that it asked about.
    """

    time: float
    account: str
    group: str
    method: str
    path: str
    status: int
    titles: int
    peer: str = ""
    answered: float = 0.0
    deals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call without an answer yet; `time` in unix seconds, `peer` is the address of the host that called."""

    time: float
    method: str
    path: str
    peer: str
    body: bytes


@dataclass(slots=True)
class Traffic:
    flows: dict[tuple[str, str], Flow] = field(default_factory=dict)
    log: deque[Request] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))
    logged: int = 0
    open: list[Arrived] = field(default_factory=list)

    def flow(self, account: str, group: str) -> Flow:
        return self.flows.setdefault((account, group), Flow())

    def record(self, request: Request) -> None:
        self.log.append(request)
        self.logged += 1

    @contextmanager
    def under_way(self, call: Arrived) -> Iterator[None]:
        """`call` is one of the open ones until its answer is ready, however that ends."""
        self.open.append(call)
        try:
            yield
        finally:
            self.open.remove(call)

    def unanswered(self) -> list[dict[str, Any]]:
        """The open calls, the oldest first, their bodies as text."""
        return [{**asdict(call), "body": call.body.decode(errors="replace")} for call in self.open]

    def report(self) -> dict[str, dict[str, Any]]:
        """Per account and group, as the private endpoint shows it."""
        accounts: dict[str, dict[str, Any]] = {}
        for (account, group), flow in self.flows.items():
            accounts.setdefault(account, {})[group] = flow.report()
        return accounts

    def since(self, number: int) -> dict[str, Any]:
        """Requests from running number `number` on, as far as the ring still holds them; `next` continues."""
        gone = self.logged - len(self.log)
        rows = islice(self.log, max(0, number - gone), None)
        return {"next": self.logged, "requests": [asdict(row) for row in rows]}
