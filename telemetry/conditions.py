"""How the parts that a process depends on are, as this process sees them: well, or failing since when and why."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Event, Lock

from domain.conditions import Condition
from telemetry.http import OK, Check, readiness
from telemetry.metrics import DEGRADED, LAST_SUCCESS


class Conditions:
    """Collects what threads notice; a part is known from its first success or failure on.

    `changed` is set whenever a part becomes degraded or well; who waits for it clears it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._parts: dict[str, Condition] = {}
        self.changed = Event()

    def good(self, part: str, now: datetime) -> None:
        """The part did what it was asked."""
        with self._lock:
            self._keep(replace(self._of(part), good_at=now, since=None, reason=None, failures=0, degraded=False))
            LAST_SUCCESS.labels(part).set(now.timestamp())

    def failed(self, part: str, reason: str, now: datetime, *, enough: int = 1) -> None:
        """The part did not, for `reason`: one line without secrets.

        With the `enough`-th failure in a row it is degraded.
        """
        with self._lock:
            known = self._of(part)
            failures = known.failures + 1
            self._keep(
                replace(
                    known,
                    failed_at=now,
                    since=known.since or now,
                    reason=reason,
                    failures=failures,
                    degraded=known.degraded or failures >= enough,
                )
            )

    def all(self) -> list[Condition]:
        with self._lock:
            return list(self._parts.values())

    def degraded(self, parts: Collection[str]) -> list[Condition]:
        """Those of `parts` that are degraded, in the order in which they were first noticed."""
        return [one for one in self.all() if one.degraded and one.part in parts]

    def _of(self, part: str) -> Condition:
        return self._parts.get(part) or Condition(part)

    def _keep(self, condition: Condition) -> None:
        known = self._parts.get(condition.part)
        self._parts[condition.part] = condition
        DEGRADED.labels(condition.part).set(condition.degraded)
        if condition.degraded != (known is not None and known.degraded):
            self.changed.set()


def look(known: Conditions, checks: Mapping[str, Check], now: datetime) -> None:
    """Run the checks, each named for its part, and keep what they say; takes 3 s at most."""
    for part, answer in readiness(checks)[1].items():
        if answer == OK:
            known.good(part, now)
        else:
            known.failed(part, answer, now)


conditions = Conditions()  # those of this process, as the metrics are
