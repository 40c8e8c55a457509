"""From the exchange's answer that makes a deal true to its message at the Bot API, idle and under load."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import cycle, product

from benchmarks import calls, deals, figures, load
from benchmarks.deals import Way
from benchmarks.report import Bar, Report
from benchmarks.stage import Stage, eventually, stage
from domain.filters import Filter
from domain.levels import LEVELS
from models.queries import filters
from tasks.queues import TaskName

COLUMNS = ("load %", "sweeps %", "used %", "from", "deals", "p50 ms", "p99 ms", "most ms")
SWEPT = ("csgo", "dota2", "tf2")
TITLES = {"csgo": 600, "dota2": 600, "tf2": 600, "rust": 200}
ROUND = sum(TITLES[game] for game in SWEPT) // 100  # calls to sweep these games once
LOADS, QUICK_LOADS = (0, 50, 90), (0, 50)
DEALS, QUICK_DEALS = 100, 20
P50_MS, P99_MS = 100, 500
BARRED = 50  # the load up to which the bars apply
PATIENCE = 30.0
IDLE_SECONDS = 0.5  # between two deals at 0 % load


@dataclass(slots=True)
class Teller:
    """Reads what the bot sent, from where it was read last."""

    stage: Stage
    seen: int = 0

    def accepted(self, title: str) -> float | None:
        """When the message about a title was accepted, None while there is none; waits a moment for one."""
        messages = self.stage.telegram(f"transcript?since={self.seen}&wait=1")["messages"]
        self.seen = max((message["seq"] for message in messages), default=self.seen)
        return deals.accepted_at(title, messages)


@dataclass(slots=True)
class Outcome:
    """The ways of the deals that were told; `untold` counts the others.

    `sweeps` and `used` are calls of group other in percent of its limit: those for prices, and all.
    """

    ways: list[Way] = field(default_factory=list)
    untold: int = 0
    sweeps: float = 0
    used: float = 0


def measure(*, quick: bool) -> Report:
    report = Report("latency", COLUMNS)
    with stage(*load.market(TITLES), **load.UNSCHEDULED) as own:
        report.notes += load.favour_instruments(own)
        bell = load.Bell(own)
        load.await_ready([load.spawn(own, "bot")])
        for number, (game, level) in enumerate(product(TITLES, LEVELS)):
            load.subscribe(own, load.CHAT + number)
            _only(own, load.CHAT + number, game, level)
        with load.crew(own, 1):
            _take(own, own.exchange("truth")["opportunities"])
            load.know_catalogue(own, bell, list(TITLES))
            for share in QUICK_LOADS if quick else LOADS:
                _tell(report, share, _under(own, bell, share, QUICK_DEALS if quick else DEALS))
    report.notes += [
        "The exchange takes 50 ms for each answer. Telegram's is counted when it accepts the message.",
        "At 0 % load each deal has a sweep of its own game of 200 titles, before which everything rests.",
    ]
    return report


def _only(own: Stage, chat: int, game: str, level: str) -> None:
    """Each has a chat of its own: no alert is to wait for Telegram's one message a second and chat, edits included."""
    with own.database() as database, database.transaction() as session:
        for other in TITLES:
            filters.save(session, chat, other, Filter(on=other == game, levels=frozenset({level})))


def _take(own: Stage, gone: Sequence[dict[str, str]]) -> None:
    for deal in gone:
        own.exchange("take", {"offerId": deal["offerId"]})


def _under(own: Stage, bell: load.Bell, share: int, count: int) -> Outcome:
    """Plant one deal after another while sweeps use that share of the limit, and follow each."""
    outcome, number, started = Outcome(), calls.mark(own), time.time()
    told: dict[str, float] = {}
    turns = zip(range(count), cycle(("instant", "patient")), cycle(LEVELS), cycle(SWEPT), strict=False)
    teller = Teller(own)
    teller.accepted("")  # what was told before
    with _sweeping(bell, share) if share else nullcontext():
        for _, kind, level, game in turns:
            deal = own.exchange("plant", {"game": game if share else "rust", "kind": kind, "level": level})
            if not share:
                bell.ring(TaskName.SCAN_GAME, game="rust")
            told |= _await_message(teller, deal["title"])
            _take(own, [deal])
            if not share:
                _forget(own, bell)
    asked, ended = calls.since(own, number), time.time()
    ways = [deals.way_of(title, asked, accepted) for title, accepted in told.items()]
    outcome.ways = [way for way in ways if way]
    outcome.untold = count - len(outcome.ways)
    batches = [call.time for call in asked if call.of_batch]
    outcome.sweeps, outcome.used = (
        figures.used_share(times, started, ended - started, calls.LIMITS["other"])
        for times in (batches, calls.times(asked, "other"))
    )
    return outcome


def _await_message(teller: Teller, title: str) -> dict[str, float]:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if accepted := teller.accepted(title):
            return {title: accepted}
    return {}


def _forget(own: Stage, bell: load.Bell) -> None:
    """See that a taken deal is gone: it must not be verified beside the next one."""
    load.await_rest(own)
    bell.ring(TaskName.SCAN_GAME, game="rust")
    still_open = "SELECT count(*) FROM opportunities WHERE state = 'open' AND game = 'rust'"
    eventually("a taken deal is gone", lambda: not own.number(still_open), PATIENCE)
    load.await_rest(own)
    time.sleep(IDLE_SECONDS)  # no load is what is measured


@contextmanager
def _sweeping(bell: load.Bell, share: int) -> Iterator[None]:
    """Sweep these games over and over at a steady pace that uses `share` percent of the limit."""
    stop = threading.Event()
    pause = ROUND / calls.LIMITS["other"] / share * 100 / len(SWEPT)
    thread = threading.Thread(target=_sweep_on, args=(bell, pause, stop), name="sweeps")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _sweep_on(bell: load.Bell, pause: float, stop: threading.Event) -> None:
    due = time.monotonic()
    for game in cycle(SWEPT):
        bell.ring(TaskName.SCAN_GAME, game=game)
        due += pause
        if stop.wait(max(0, due - time.monotonic())):  # the pace of the load
            return


def _tell(report: Report, share: int, outcome: Outcome) -> None:
    for what, seconds in (
        ("first aggregate", [way.from_shown for way in outcome.ways]),
        ("last proving read", [way.from_proven for way in outcome.ways]),
    ):
        p50, p99 = (1000 * figures.percentile(seconds, percent) for percent in (50, 99))
        row = (share, outcome.sweeps, outcome.used, what, len(seconds), p50, p99, 1000 * max(seconds))
        report.rows.append(row)
        if share <= BARRED and what == "last proving read":
            report.bars.append(Bar(f"{share} % load: p50 in ms from the {what}", p50, most=P50_MS, slack=3))
            report.bars.append(Bar(f"{share} % load: p99 in ms from the {what}", p99, most=P99_MS, slack=3))
    report.bars.append(Bar(f"{share} % load: deals never told", outcome.untold, most=0))
