"""What the figures of several sizes come to: a row and its bars for each operation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.growth_seed import Size
from benchmarks.report import Bar, Cell, Report

LINEAR = (
    "whole scan",
    "plan a scan and ring",
    "arrange the titles",
    "most wanted sales",
    "reap, all nominees silent",
)  # they look at every title; all else at a few
FLAT = 2.0  # times
FLAT_MS = 5.0  # below that nobody waits, whatever it was at a smaller size
MEMORY = 1.5  # times
TOLERANCE = 1.25  # one step may be that much beyond linear: the machine does other things too

Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: the process's most memory in KiB, and for each operation "ms", "database_ms" in them and peak "kib"."""

    size: Size
    rss: int
    figures: Figures


def report(measured: Sequence[Measured]) -> Report:
    """All sizes, the smallest first, beside each other."""
    factors = [f"x{one.size.factor}" for one in measured]
    columns = ["operation", *(f"{factor} ms" for factor in factors), "times", "database ms"]
    found = Report("growth", [*columns, f"{factors[0]} KiB", f"{factors[-1]} KiB"])
    for name in measured[-1].figures:
        found.rows.append(_row(name, measured))
        found.bars += bars(name, measured)
    found.rows.append(["most memory of the process, MB", *(one.rss / 1024 for one in measured), "", "", "", ""])
    found.bars.append(Bar(f"memory, {factors[-1]} over x1", measured[-1].rss / measured[0].rss, most=MEMORY))
    found.notes += [
        f"x{one.size.factor}: {one.size.titles:,} titles, {one.size.history:,} rows of history, "
        f"{one.size.opportunities:,} open opportunities"
        for one in measured
    ]
    return found


def _row(name: str, measured: Sequence[Measured]) -> list[Cell]:
    first, last = measured[0].figures[name], measured[-1].figures[name]
    kib: list[Cell] = [one["kib"] or "" for one in (first, last)]
    times = [one.figures[name]["ms"] for one in measured]
    return [name, *times, times[-1] / times[0], last["database_ms"], *kib]


def bars(name: str, measured: Sequence[Measured]) -> list[Bar]:
    """Linear work grows no faster than the titles, all else not at all or stays below what anybody notices."""
    times = [one.figures[name]["ms"] for one in measured]
    sizes = [one.size.factor for one in measured]
    if name not in LINEAR:
        if times[-1] <= FLAT_MS:
            return [Bar(f"{name}: ms at x{sizes[-1]}", times[-1], most=FLAT_MS, slack=3)]
        return [Bar(f"{name}: x{sizes[-1]} over x{sizes[0]}", times[-1] / times[0], most=FLAT, slack=2)]
    steps = [after / before for before, after in pairwise(times)]
    growth = [after / before for before, after in pairwise(sizes)]
    worst = max(step / factor for step, factor in zip(steps, growth, strict=True))
    linear = sizes[-1] / sizes[0]
    whole = Bar(f"{name}: x{sizes[-1]} over x{sizes[0]}", times[-1] / times[0], most=TOLERANCE * linear, slack=1.5)
    return [whole, Bar(f"{name}: worst step over linear", worst, most=TOLERANCE, slack=2)]
