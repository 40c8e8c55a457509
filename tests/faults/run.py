"""One chaos run: a system under way, faults by plan, then calm until it has settled, then the evidence."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sandbox.runner.stack import ROOT
from tests.faults.actions import VICTIM, action
from tests.faults.check_alerts import PATIENCE, is_news
from tests.faults.collect import collect, messages
from tests.faults.dealer import Dealer
from tests.faults.evidence import Evidence, Trouble
from tests.faults.messages import reap
from tests.faults.plan import Fault, Part, Seconds
from tests.faults.system import PROCESSES, System, system

LOYAL = (4242, 4243)
UP: Seconds = 60.0
DRAIN: Seconds = 120.0
HEARTBEAT = (sys.executable, "-m", "tests.faults.heartbeat")
UNSETTLED = {
    "runs": "SELECT count(*) FROM scan_runs WHERE state = 'running'",
    "nominees": "SELECT count(*) FROM nominees",
    "alerts": "SELECT count(*) FROM alerts WHERE state IN ('pending', 'sending')",
    "edits": "SELECT count(*) FROM alerts WHERE state = 'sent' AND strike_due_at IS NOT NULL",
    "leases": "SELECT count(*) FROM leases WHERE until > now()",
}


@dataclass(slots=True)
class Storm:
    """The faults, each in a thread of its own when its time has come; `troubles` is what really happened."""

    whole: System
    troubles: list[Trouble] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rage(self, faults: Sequence[Fault]) -> None:
        """Returns when the last fault has ended."""
        began = time.monotonic()
        with ThreadPoolExecutor(max_workers=16, thread_name_prefix="fault") as threads:
            for fault in faults:
                time.sleep(max(0.0, began + fault.at - time.monotonic()))  # the plan's own clock
                threads.submit(self._strike, fault)

    def _strike(self, fault: Fault) -> None:
        begin = time.time()
        try:
            with action(self.whole, fault):
                if fault.part is not Part.MESSAGES:
                    time.sleep(fault.seconds)  # how long the fault lasts
        except Exception as error:  # noqa: BLE001  # a fault that cannot be done is told, the run goes on
            self.failures.append(f"{fault}: {error!r}")
        with self.lock:
            self.troubles.append(Trouble(fault.kind, fault.part, begin, time.time(), fault.size))


@dataclass(slots=True)
class Result:
    evidence: Evidence
    failures: list[str]
    settled: bool


def run(data: Path, seed: int, faults: Sequence[Fault]) -> Result:
    """TimeoutError where the system does not even come up."""
    with system(data) as whole:
        heartbeat = whole.stack.family.spawn("heartbeat", HEARTBEAT, output=data / "logs" / "heartbeat.log", cwd=ROOT)
        _introduce(whole)
        dealer = Dealer(whole, Random(f"dealer:{seed}"))
        dealer.start()
        await_(UP, "the first alert came", lambda: bool(list(messages(whole))))
        storm = Storm(whole)
        storm.rage(faults)
        calm = max([one.felt_until - time.time() for one in storm.troubles] or [0.0]) + PATIENCE
        settled = _settle(whole, dealer, calm)
        until = time.time()
        heartbeat.stop()
        evidence = collect(whole, dealer.journal(), storm.troubles, loyal=set(LOYAL), forbidden={VICTIM}, until=until)
        return Result(evidence, storm.failures, settled)


def _introduce(whole: System) -> None:
    for chat in (*LOYAL, VICTIM):
        whole.telegram("chats", {"id": chat, "type": "private", "first_name": "Test", "language_code": "en"})
        whole.telegram(f"chats/{chat}/say", {"text": "/start"})
    await_(UP, "every process is ready", lambda: all(whole.ready(part)[0] == 200 for part in PROCESSES))


def _settle(whole: System, dealer: Dealer, calm: Seconds) -> bool:
    """Calm: what is alive gets told within `calm` seconds or is lost; then no more scans are asked for and what is
    under way ends.
    """
    dealer.stop()
    now = time.time()
    owed = [life for life in dealer.alive() if is_news(life) and life.hidden_until <= now]
    wanted = {(chat, life.offer_id) for chat in LOYAL for life in owed}
    within(calm + 1, lambda: not wanted - _told(whole))
    whole.members[Part.BEAT].close()
    whole.members[Part.BEAT].child.stop()
    return within(DRAIN, lambda: _quiet(whole))


def _told(whole: System) -> set[tuple[int, str]]:
    deals = whole.rows("SELECT id, offer_id FROM alerts WHERE offer_id IS NOT NULL")
    offers: dict[int, str] = {row["id"]: row["offer_id"] for row in deals}
    return {(one.chat_id, offers[one.alert_id]) for one in messages(whole) if one.alert_id in offers}


def _quiet(whole: System) -> bool:
    reap(whole)
    time.sleep(1)  # beat rings every 5 s; this stands in for it
    return not any(whole.number(statement) for statement in UNSETTLED.values())


def within(seconds: Seconds, check: Callable[[], bool]) -> bool:
    """Whether `check` came true in time."""
    ends = time.monotonic() + seconds
    while not check():
        if time.monotonic() > ends:
            return False
        time.sleep(0.2)  # between two looks at the condition
    return True


def await_(seconds: Seconds, what: str, check: Callable[[], bool]) -> None:
    if not within(seconds, check):
        raise TimeoutError(f"not within {seconds:g} s: {what}")
