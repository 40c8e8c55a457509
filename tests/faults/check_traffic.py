"""No rolling second over the limit at the exchange, by its own log.

A call that was allowed in time can still arrive late and stand too close to the next ones. What is excused, and
counted: a second that touches a time in which the worker or the way to the exchange was frozen, within one second of
its end; the second of a step of the broker's clock, from which the budget starts anew; and a second that is within
the limit when the calls that came at the end of a stall (the machine did not run a ready process, or the exchange
was busy with a call of the test) are counted as spread over it, as they may have been sent; and a second that is
over the limit only by JITTER, which the gate in the way adds on a shared machine.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from tests.faults.evidence import Evidence, Stall
from tests.faults.findings import Findings
from tests.faults.plan import Kind, Part, Seconds

LIMITS = {"market-items": 10, "last-sales": 6, "other": 20, "fees": 110}  # docs/exchange-api.md, Rate limits
WINDOW: Seconds = 1.0
JITTER: Seconds = 0.025
SETTLES: Seconds = 0.02  # what waited in a stall is read within that
Burst: TypeAlias = tuple[Seconds, Seconds, int]
HELD_UP = {
    (Part.WORKER, Kind.FREEZE),
    (Part.EXCHANGE, Kind.SILENT),
}


def check_traffic(evidence: Evidence, findings: Findings) -> None:
    arrivals = sorted(evidence.arrivals, key=lambda one: one.at)
    for group, limit in LIMITS.items():
        moments = [one.at for one in arrivals if one.group == group]
        eased = list(_bursts(_spread(moments, evidence.stalls), limit))
        plain = list(_bursts(moments, limit, WINDOW - JITTER))
        for begin, end, calls in _bursts(moments, limit):
            why = _excuse(evidence, begin, end)
            if not why and not _overlaps(eased, begin, end):
                why = "calls came at the end of a stall"
            if not why and not _overlaps(plain, begin, end):
                why = "by jitter below 25 ms"
            if why:
                findings.allowed(f"second over the limit: {why}")
            else:
                findings.broken(
                    f"over the limit: {calls} calls of {group} within 1 s at {end:.3f}, {limit} are allowed"
                )


def _overlaps(bursts: Iterable[Burst], begin: Seconds, end: Seconds) -> bool:
    return any(one[0] <= end and begin <= one[1] for one in bursts)


def _bursts(moments: Iterable[Seconds], limit: int, window: Seconds = WINDOW) -> Iterator[Burst]:
    """Each stretch in which more calls than allowed lie within `window`: its first and last call, and how many."""
    recent: deque[Seconds] = deque()
    over: Burst | None = None
    for moment in moments:
        recent.append(moment)
        while recent[0] <= moment - window:
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
    return ""


def _spread(moments: Sequence[Seconds], stalls: Iterable[Stall]) -> list[Seconds]:
    """The moments in order, those that came in a stall or right after it evenly spread from its beginning on."""
    spread = list(moments)
    for stall in stalls:
        begin, end = bisect_left(moments, stall.begin), bisect_right(moments, stall.end + SETTLES)
        for place in range(begin, end):
            fair = stall.begin + (stall.end - stall.begin) * (place - begin) / (end - begin)
            spread[place] = min(spread[place], fair)
    return sorted(spread)
