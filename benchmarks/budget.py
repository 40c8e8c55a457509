"""How much of the exchange's limits the workers really use, and that they never pass them."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import backlog, calls, figures, load
from benchmarks.calls import LIMITS, Asked
from benchmarks.report import Bar, Report
from benchmarks.stage import Stage, eventually, stage

COLUMNS = ("workers", "backlog", "group", "calls", "limit", "used %", "rolling max", "seconds over", "429s")
COUNTS, QUICK_COUNTS = (1, 2, 4, 8), (1, 4)
SECONDS, QUICK_SECONDS = 30, 8
THREADS = {1: 16, 2: 8}  # as many waiting calls for any number of processes; 4 each from four processes on
SETTLED = 60  # calls in which start-up ends and the log of the last second fills


@dataclass(frozen=True, slots=True)
class Window:
    """What the exchange was asked: `asked` all the time, `seconds` from `start` (unix seconds) on are measured."""

    asked: Sequence[Asked]
    start: float
    seconds: int


def measure(*, quick: bool) -> Report:
    report = Report("budget", COLUMNS)
    games = load.QUICK_GAMES if quick else load.GAMES
    with stage(*load.market(games), **load.UNSCHEDULED) as own:
        report.notes += load.favour_instruments(own)
        bell = load.Bell(own)
        with load.crew(own, 1):
            load.know_catalogue(own, bell, list(games))
        for count in QUICK_COUNTS if quick else COUNTS:
            window = _under_scans(own, bell, list(games), count, QUICK_SECONDS if quick else SECONDS)
            _tell(report, window, f"{count}", "scans")
            _bar(report, window, f"{count} workers")
        waits = _under_everything(own, bell, list(games), report, QUICK_SECONDS if quick else SECONDS)
    _tell_waits(report, waits)
    return report


def _under_scans(own: Stage, bell: load.Bell, games: list[str], count: int, seconds: int) -> Window:
    """Scans without end, which use the group `other`."""
    number = calls.mark(own)
    with (
        load.crew(own, count, WORKER_CONCURRENCY=str(THREADS.get(count, 4))),
        load.endless_scans(own, bell, games),
    ):
        return _watch(own, number, seconds, lambda: None)


def _under_everything(own: Stage, bell: load.Bell, games: list[str], report: Report, seconds: int) -> backlog.Waits:
    """Scans, titles to verify and sales to read: more of everything than any limit allows."""
    number = calls.mark(own)
    with (
        load.crew(own, 2, WORKER_CONCURRENCY="16"),
        load.endless_scans(own, bell, games),
        backlog.endless_checks(own, bell, games),
        backlog.probing(own) as waits,
    ):
        window = _watch(own, number, seconds, waits.clear)
    _tell(report, window, "2", "everything")
    bids = sum(call.group == "other" and call.path != calls.AGGREGATES for call in _measured(window))
    probes = len(waits.urgent) + len(waits.sweep)
    report.notes.append(
        f"With a backlog of everything, {bids} of the calls of group other were verifications'; {probes} more permits, "
        f"{100 * probes / LIMITS['other'] / seconds:.1f} % of the limit, were taken to measure waits and not used."
    )
    return waits


def _watch(own: Stage, number: int, seconds: int, begin: Callable[[], None]) -> Window:
    """Measure for so long, once the workers are in their stride; the log is read when it is over."""
    eventually("the workers are in their stride", lambda: calls.mark(own) >= number + SETTLED, 60)
    start = time.time()
    begin()
    time.sleep(seconds)  # the measured time itself
    return Window(calls.since(own, number), start, seconds)


def _measured(window: Window) -> list[Asked]:
    return [call for call in window.asked if window.start <= call.time < window.start + window.seconds]


def _tell(report: Report, window: Window, workers: str, what: str) -> None:
    for group, limit in LIMITS.items():
        moments = calls.times(window.asked, group)
        if not moments:
            continue
        report.rows.append(
            (
                workers,
                what,
                group,
                sum(call.group == group for call in _measured(window)),
                limit * window.seconds,
                figures.used_share(moments, window.start, window.seconds, limit),
                figures.most_in_a_rolling_second(moments),
                figures.seconds_over(moments, limit),
                sum(call.group == group and call.status == 429 for call in window.asked),
            )
        )


def _bar(report: Report, window: Window, name: str) -> None:
    used = figures.used_share(calls.times(window.asked, "other"), window.start, window.seconds, LIMITS["other"])
    fullest = max(
        figures.most_in_a_rolling_second(calls.times(window.asked, group)) / limit for group, limit in LIMITS.items()
    )
    refused = sum(call.status == 429 for call in window.asked)
    report.bars += [
        Bar(f"{name}: % of group other used", used, least=97, slack=1.3),
        Bar(f"{name}: calls in the fullest rolling second by their limit", fullest, most=1, slack=1.2),
        Bar(f"{name}: answers 429", refused, most=0),
    ]


def _tell_waits(report: Report, waits: backlog.Waits) -> None:
    urgent, sweep = statistics.median(waits.urgent), statistics.median(waits.sweep)
    report.notes.append(
        f"For a permit of group other under that load a verification waited {urgent * 1000:.0f} ms (median, at most "
        f"{max(waits.urgent) * 1000:.0f}), a sweep {sweep * 1000:.0f} ms (at most {max(waits.sweep) * 1000:.0f})."
    )
    report.bars.append(Bar("a verification's wait by a sweep's", urgent / sweep, most=0.5, slack=1.6))
