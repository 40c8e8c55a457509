"""What a chart costs in the bot: reading matplotlib once, then each picture with its PNG in every span, and memory."""

import asyncio
import os
import time
from datetime import timedelta

from benchmarks import figures, resident
from benchmarks.report import Bar, Report
from bot.pictures.labels import labels
from bot.pictures.painter import Painter
from bot.speech import speech
from tests.unit.bot.courses import DAY, a_lively_course

COLUMNS = ("picture", "drawn", "p50 ms", "p99 ms", "most ms", "KB")
ROUNDS = {False: 100, True: 20}
SPANS = {"24 h": DAY, "7 d": 7 * DAY, "30 d": 30 * DAY}
MILLISECONDS = 300


def measure(*, quick: bool) -> Report:
    report = Report("pictures", COLUMNS)
    asyncio.run(_measure(report, ROUNDS[quick]))
    return report


async def _measure(report: Report, rounds: int) -> None:
    painter = Painter()
    before, began = _megabytes(), time.perf_counter()
    await painter.warm()
    report.notes.append(f"matplotlib and its fonts read in {1000 * (time.perf_counter() - began):.0f} ms")
    read = _megabytes()
    for name, span in SPANS.items():
        drawn = [await _drawn(painter, span, seed) for seed in range(rounds)]
        taken = [milliseconds for milliseconds, _ in drawn]
        p50, p99 = figures.percentile(taken, 50), figures.percentile(taken, 99)
        report.rows.append((name, rounds, p50, p99, max(taken), drawn[-1][1] / 1024))
        report.bars.append(Bar(f"{name}: p99 in ms", p99, most=MILLISECONDS, slack=3))
    painter.close()
    if resident.available():
        report.notes.append(
            f"RSS in MB: {before:.0f} before, {read:.0f} with matplotlib, {_megabytes():.0f} at the end"
        )


async def _drawn(painter: Painter, span: timedelta, seed: int) -> tuple[float, int]:
    """Milliseconds until the picture was there, and its bytes."""
    course = a_lively_course(span, seed=seed)
    began = time.perf_counter()
    png = await painter.chart(course, labels(course, speech("en"), "Europe/Berlin"))
    return 1000 * (time.perf_counter() - began), len(png)


def _megabytes() -> float:
    return resident.held(os.getpid()).rss if resident.available() else 0.0
