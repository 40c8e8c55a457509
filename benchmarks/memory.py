"""Memory of every process of ours under full load: how much, and whether it grows."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks import figures, load, resident
from benchmarks.report import Bar, Report
from benchmarks.resident import Held
from benchmarks.stage import Stage, stage
from domain.levels import LEVELS
from sandbox.runner.stack import COMMANDS, ROOT
from sandbox.servers.ports import free_port

COLUMNS = ("process", "RSS MB at first", "at half", "at the end", "most", "PSS MB at the end", "growth %")
SECONDS, QUICK_SECONDS = 600, 15
DEAL_SECONDS = 5
CHILD_MEGABYTES, GROWTH_PERCENT = 120, 2


@dataclass(slots=True)
class Course:
    """One process's memory, second by second."""

    pid: int
    held: list[Held] = field(default_factory=list)

    def look(self) -> None:
        self.held.append(resident.held(self.pid))

    def growth(self) -> float:
        """Of the second half, in percent of its mean."""
        return figures.growth_percent([one.rss for one in self.held[len(self.held) // 2 :]])

    def row(self, name: str) -> tuple[str | float, ...]:
        rss = [one.rss for one in self.held]
        return name, rss[0], rss[len(rss) // 2], rss[-1], max(rss), self.held[-1].pss, self.growth()


def measure(*, quick: bool) -> Report:
    if not resident.available():
        sys.exit("The memory benchmark reads /proc/PID/smaps_rollup, which only Linux has: run it on Linux.")
    report = Report("memory", COLUMNS)
    games = load.QUICK_GAMES if quick else load.GAMES
    seconds = QUICK_SECONDS if quick else SECONDS
    with stage(*load.market(games), **load.UNSCHEDULED) as own:
        bell = load.Bell(own)
        others = [load.spawn(own, "beat"), load.spawn(own, "bot")]
        load.await_ready(others)
        load.subscribe(own)
        with load.crew(own, 1) as (worker,):
            load.know_catalogue(own, bell, list(games))
            pids = {process.child.name: process.child.pid for process in (worker, *others)}
            courses = _under_load(own, bell, list(games), pids, seconds)
        _tell(report, courses)
        _prefork(own, bell, list(games), report, seconds // 5)
    return report


def _under_load(
    own: Stage, bell: load.Bell, games: list[str], pids: Mapping[str, int], seconds: int
) -> dict[str, Course]:
    courses = {name: Course(pid) for name, pid in pids.items()}
    kinds = cycle(("instant", "patient"))
    deals = zip(cycle(games), cycle(LEVELS), kinds, strict=False)
    with load.endless_scans(own, bell, games):
        for second in range(seconds):
            if second % DEAL_SECONDS == 0:
                game, level, kind = next(deals)
                own.exchange("plant", {"game": game, "level": level, "kind": kind})
            for course in courses.values():
                course.look()
            time.sleep(1)  # the distance of the measurements
    return courses


def _tell(report: Report, courses: Mapping[str, Course]) -> None:
    for name, course in courses.items():
        report.rows.append(course.row(name))
        report.bars.append(
            Bar(f"{name}: growth in the second half, % of its mean", course.growth(), most=GROWTH_PERCENT, slack=5)
        )
        if "child" in name:
            most = max(one.rss for one in course.held)
            report.bars.append(Bar(f"{name}: RSS in MB", most, most=CHILD_MEGABYTES, slack=1.2))
        if name.startswith("worker-"):
            # all threads in one process: what it adds to a host is its own share of what it has mapped
            most = max(one.pss for one in course.held)
            report.bars.append(Bar(f"{name}: PSS in MB", most, most=CHILD_MEGABYTES, slack=1.2))


def _prefork(own: Stage, bell: load.Bell, games: list[str], report: Report, seconds: int) -> None:
    """The same with forked children: `--pool prefork` would be taken for the default and give way to our threads."""
    port = free_port()
    command = [sys.executable, *COMMANDS["worker"], "--pool", "processes", "--concurrency", "2"]
    env = {**own.stack.env, "HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(port), "ENVIRONMENT": "production"}
    output = own.stack.logs.sink("worker-prefork")
    child = own.stack.family.spawn("worker-prefork", command, output=output, env=env, cwd=ROOT)
    load.await_ready([load.Process(child, port)])
    pids = {f"worker, forked child {place}": pid for place, pid in enumerate(resident.children(child.pid), start=1)}
    _tell(report, _under_load(own, bell, games, {"worker, parent of forked": child.pid, **pids}, seconds))
