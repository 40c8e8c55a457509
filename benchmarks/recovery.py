"""How long after an outage of each part everything is as fast as before, without a hand.

Prices are read without a pause, so the rate of calls at the exchange is the speed. A deal that is planted when the
outage ends must be told. The system is the one of the fault tests: a supervisor starts again what dies.
"""

import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psycopg2

from benchmarks.report import Bar, Report
from benchmarks.stage import eventually
from tests.faults.actions import action
from tests.faults.collect import messages
from tests.faults.dealer import HIDING
from tests.faults.plan import Fault, Kind, Part
from tests.faults.system import SETTINGS, System, system

COLUMNS = ("outage", "seconds", "calls/s before", "lowest", "s to normal speed", "s to an alert")
MOST_SECONDS = 30.0
SHARE = 0.9  # of the speed before: normal
BEFORE, WINDOW = 6.0, 3.0  # seconds over which the speed is taken, before and after
REST = 40.0  # seconds that an outage waits at most until the last one is over for good
PATIENCE = 90.0
CHAT = 4242
MARKET = ("--titles", "csgo=4000", "--planted-per-game", "6", "--latency-ms", "20")
PARTS = (Part.WORKER, Part.BEAT, Part.BOT)
WITHOUT_PAUSE = {**SETTINGS, "SCAN_INTERVAL_CSGO": "1", "SCAN_INTERVAL_RUST": "0", "WORKER_CONCURRENCY": "16"}
QUICK_OUTAGES = (
    ("exchange refuses", Kind.REFUSED, Part.EXCHANGE, 5.0),
    ("every connection is cut", Kind.CUT, Part.POSTGRES, 0.0),
)
OUTAGES = (
    *QUICK_OUTAGES,
    ("PostgreSQL restarts", Kind.STOP, Part.POSTGRES, 2.0),
    ("exchange answers 503", Kind.ERRORS, Part.EXCHANGE, 30.0),
    ("PostgreSQL crashes", Kind.KILL, Part.POSTGRES, 5.0),
    ("broker restarts", Kind.KILL, Part.BROKER, 5.0),
    ("broker's disk is full", Kind.FULL, Part.BROKER, 10.0),
    ("Telegram refuses", Kind.REFUSED, Part.TELEGRAM, 20.0),
    ("worker is killed", Kind.KILL, Part.WORKER, 1.0),
    ("beat is killed", Kind.KILL, Part.BEAT, 5.0),
    ("bot is killed", Kind.KILL, Part.BOT, 1.0),
)


def measure(*, quick: bool) -> Report:
    report = Report("recovery", COLUMNS)
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as somebody else
        with system(Path(folder), MARKET, WITHOUT_PAUSE, PARTS) as whole:
            _come_up(whole)
            usual = _speed(whole, 0.0)
            for name, kind, part, seconds in QUICK_OUTAGES if quick else OUTAGES:
                before = _speed(whole, SHARE * usual)
                usual = max(usual, before)
                _measure_one(report, whole, name, Fault(0, seconds, kind, part, 0), before)
    return report


def _come_up(whole: System) -> None:
    whole.telegram("chats", {"id": CHAT, "type": "private", "first_name": "Bench", "language_code": "en"})
    whole.telegram(f"chats/{CHAT}/say", {"text": "/start"})
    eventually("every process is ready", lambda: all(whole.ready(part)[0] == 200 for part in PARTS))
    eventually("the first alerts", lambda: sum(1 for _ in messages(whole)) >= 6)


def _speed(whole: System, wanted: float) -> float:
    """Calls a second over the last BEFORE seconds, once they are as many as `wanted` or REST has passed."""
    ends = time.monotonic() + REST
    time.sleep(BEFORE)  # what is measured
    while (rate := _rate(whole, time.time() - BEFORE, time.time())) < wanted and time.monotonic() < ends:
        time.sleep(0.5)  # between two looks
    return rate


def _measure_one(report: Report, whole: System, name: str, fault: Fault, before: float) -> None:
    began = time.time()
    with action(whole, fault):
        time.sleep(fault.seconds)  # the outage
    ended = time.time()
    title = _plant(whole)
    told = _told_after(whole, title, ended)
    normal = _normal_after(whole, SHARE * before, ended)
    lowest = min(_rates(whole, began, ended + normal + WINDOW), default=0.0)
    report.rows.append((name, fault.seconds, round(before, 1), round(lowest, 1), round(normal, 1), round(told, 1)))
    report.bars.append(Bar(f"seconds to normal speed after: {name}", normal, most=MOST_SECONDS, slack=1.5))
    report.bars.append(Bar(f"seconds to an alert after: {name}", told, most=MOST_SECONDS, slack=1.5))


def _plant(whole: System) -> str:
    """The title of a new deal whose sales were not read before, which would hide it for a while."""
    for _ in range(20):
        title = str(whole.exchange("plant", {"game": "csgo", "kind": "instant", "level": "medium"})["title"])
        with suppress(psycopg2.Error):
            if not whole.rows(HIDING, (title, time.time())):
                return title
    return title


def _told_after(whole: System, title: str, ended: float) -> float:
    """Seconds from the end of the outage to the alert; PATIENCE where it never came."""
    try:
        eventually("the alert", lambda: any(title in text for text in _texts(whole)), PATIENCE, every=0.1)
    except TimeoutError:
        return PATIENCE
    at = min(one["at"] for one in whole.telegram("transcript?since=0")["messages"] if title in one["text"])
    return max(0.0, _unix(at) - ended)


def _texts(whole: System) -> list[str]:
    return [one["text"] for one in whole.telegram("transcript?since=0")["messages"]]


def _unix(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _normal_after(whole: System, wanted: float, ended: float) -> float:
    """Seconds from the end of the outage to the beginning of the first WINDOW that is fast enough."""
    while (now := time.time()) < ended + PATIENCE:
        starts = [at for at, rate in _windows(whole, ended, now) if rate >= wanted]
        if starts:
            return starts[0] - ended
        time.sleep(0.2)  # between two looks
    return PATIENCE


def _windows(whole: System, begin: float, end: float) -> Sequence[tuple[float, float]]:
    """The start of each WINDOW between the two, 0.1 s apart, with its rate."""
    moments = _moments(whole, begin)
    count = max(0, int((end - begin - WINDOW) * 10))
    starts = [begin + step / 10 for step in range(count)]
    return [(at, sum(at <= one < at + WINDOW for one in moments) / WINDOW) for at in starts]


def _rates(whole: System, begin: float, end: float) -> list[float]:
    return [rate for _, rate in _windows(whole, begin, end)]


def _rate(whole: System, begin: float, end: float) -> float:
    return sum(begin <= one < end for one in _moments(whole, begin)) / (end - begin)


def _moments(whole: System, since: float) -> list[float]:
    """When price calls that were answered arrived."""
    rows = whole.exchange("requests?since=0")["requests"]
    return [row["time"] for row in rows if row["group"] == "other" and row["status"] == 200 and row["time"] >= since]
