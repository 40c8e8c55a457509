"""Short-lived deals in a skewed market: how many a uniform sweep and the adaptive cadence see with the same calls."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.cadence_deals import Deals
from benchmarks.cadence_sides import Side, open_side
from benchmarks.report import Bar, Report
from benchmarks.stage import stage
from domain.cadence import Cadence

COLUMNS = ("sweep", "calls", "deals", "seen", "share %", "oldest age s")


@dataclass(frozen=True, slots=True)
class Size:
    """Seconds, except `titles`, and `rate` in deals a second."""

    titles: int
    interval: int
    life: float
    rate: float
    learning: int
    measured: int


FULL = Size(titles=5_000, interval=20, life=4.0, rate=5.0, learning=60, measured=180)
QUICK = Size(titles=4_000, interval=12, life=2.4, rate=8.0, learning=12, measured=24)


def measure(*, quick: bool) -> Report:
    """Both sides watch the same market at the same time, each with a database of its own."""
    size = QUICK if quick else FULL
    report = Report("cadence", COLUMNS)
    with stage("--titles", f"csgo={size.titles}", "--skewed", "--latency-ms", "20") as own, ExitStack() as exits:
        uniform, adaptive = (
            exits.enter_context(open_side(own, name, size.interval)) for name in ("uniform", "adaptive")
        )
        sides = (uniform, adaptive)
        _sweep(sides, size.learning, adaptive)
        moved = adaptive.arrange()
        with Deals(own, size.life, size.rate) as deals:
            for side in sides:
                side.calls, side.oldest, side.witness = 0, 0.0, deals.show
            _sweep(sides, size.measured)
        _tell(report, sides, deals, size)
    report.notes += [
        f"{size.titles} titles, swept every {size.interval} s; {size.rate:g} deals a second live {size.life:g} s.",
        "A title has deals as often as it has sales; 5 % of the titles make about two thirds of them.",
        f"learned from {size.learning} s of prices and sales; {moved} titles were moved into groups of like worth.",
    ]
    return report


def _sweep(sides: Sequence[Side], seconds: int, learner: Side | None = None) -> None:
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(len(sides) + 1) as pool:
        waiting = [pool.submit(side.sweep_until, ends) for side in sides]
        if learner:
            waiting.append(pool.submit(learner.read_sales_until, ends))
        for one in waiting:
            one.result()


def _tell(report: Report, sides: Sequence[Side], deals: Deals, size: Size) -> None:
    shares = []
    for side in sides:
        seen = sum(side.name in deal.seen for deal in deals.gone)
        shares.append(100 * seen / len(deals.gone))
        report.rows.append((side.name, side.calls, len(deals.gone), seen, shares[-1], side.oldest))
    uniform, adaptive = sides
    ceiling = Cadence(timedelta(seconds=size.interval)).ceiling.total_seconds()
    report.bars += [
        Bar("deals seen, adaptive by uniform", shares[1] / shares[0], least=2.0, slack=4 / 3),
        Bar("calls, adaptive by uniform", adaptive.calls / uniform.calls, most=1.0, slack=1.05),
        Bar("oldest age of a group under the adaptive cadence, seconds", adaptive.oldest, most=ceiling),
    ]
