"""No rolling second over the limit at the exchange, by its own log.

A call that was allowed in time can still arrive late and stand too close to the next ones. What is excused, and
counted: a second that touches a moment at which calls were held up, within one second of its end: the worker or the
way to the exchange was frozen, or the machine did not run a ready process for longer than the budget's guard band.
And the second of a step of the broker's clock, from which the budget starts anew.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from tests.faults.evidence import Evidence
from tests.faults.findings import Findings
from tests.faults.plan import Kind, Part, Seconds

LIMITS = {"market-items": 10, "last-sales": 6, "other": 20, "fees": 110}  # docs/exchange-api.md, Rate limits
WINDOW: Seconds = 1.0
HELD_UP = {
    (Part.WORKER, Kind.FREEZE),
    (Part.EXCHANGE, Kind.SILENT),
}


def check_traffic(evidence: Evidence, findings: Findings) -> None:
    arrivals = sorted(evidence.arrivals, key=lambda one: one.at)
    for group, limit in LIMITS.items():
        moments = [one.at for one in arrivals if one.group == group]
        for begin, end, calls in _bursts(moments, limit):
            why = _excuse(evidence, begin, end)
            if why:
                findings.allowed(f"second over the limit: {why}")
            else:
                findings.broken(
                    f"over the limit: {calls} calls of {group} within 1 s at {end:.3f}, {limit} are allowed"
                )


def _bursts(moments: Iterable[Seconds], limit: int) -> Iterator[tuple[Seconds, Seconds, int]]:
    """Each stretch of at most one second with more calls than allowed: its first and last call, and how many."""
    recent: deque[Seconds] = deque()
    over: tuple[Seconds, Seconds, int] | None = None
    for moment in moments:
        recent.append(moment)
        while recent[0] <= moment - WINDOW:
            recent.popleft()
        if len(recent) > limit:
            over = (over[0], moment, max(over[2], len(recent))) if over else (recent[0], moment, len(recent))
        elif over:
            yield over
            over = None
    if over:
        yield over


def _excuse(evidence: Evidence, begin: Seconds, end: Seconds) -> str:
    for one in evidence.troubles:
        if (one.part, one.kind) in HELD_UP and one.begin <= end and begin <= one.end + WINDOW:
            return f"calls were held up ({one.part}: {one.kind})"
        stepped = one.part is Part.BROKER and one.kind is Kind.CLOCK
        if stepped and any(begin - WINDOW <= step <= end + WINDOW for step in (one.begin, one.end)):
            return "the broker's clock was stepped"
    if any(stall.begin <= end and begin <= stall.end + WINDOW for stall in evidence.stalls):
        return "the machine stalled"
    return ""
