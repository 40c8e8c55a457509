"""The simulated exchange's own record of what it was asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from benchmarks.stage import Stage

LIMITS = {"other": 20, "market-items": 10, "last-sales": 6}  # docs/exchange-api.md, Rate limits
AGGREGATES = "/marketplace-api/v1/aggregated-prices"
NEWEST = 10**12  # beyond any running number


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: when it arrived and was answered (unix seconds), and the deals it asked about."""

    time: float
    answered: float
    group: str
    path: str
    status: int
    titles: int
    deals: Sequence[str]

    @property
    def of_batch(self) -> bool:
        """Whether it priced a batch; a catalogue walk names no titles."""
        return self.path == AGGREGATES and self.titles > 0


def mark(stage: Stage) -> int:
    """The running number that the next call will get."""
    return int(stage.exchange(f"requests?since={NEWEST}")["next"])


def since(stage: Stage, number: int) -> list[Asked]:
    """All calls from that running number on. Asking keeps the exchange busy for a moment: not while measuring."""
    names = [one.name for one in fields(Asked)]
    rows = stage.exchange(f"requests?since={number}")["requests"]
    return [Asked(**{name: row[name] for name in names}) for row in rows]


def times(asked: Iterable[Asked], group: str) -> list[float]:
    """When the calls of a limit group arrived."""
    return [call.time for call in asked if call.group == group]
