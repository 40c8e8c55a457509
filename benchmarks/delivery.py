"""How much of Telegram's budget the bots really use, that they never pass it, and how quick one alert is."""

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from sqlalchemy.orm import Session

from benchmarks import figures, growth_market, load
from benchmarks.report import Bar, Report
from benchmarks.stage import Stage, eventually, stage
from models.database import Database
from models.queries import alerts, claims
from sandbox.runner.announced import start_announced

COLUMNS = ("bots", "subscribers", "seconds", "accepted", "used %", "rolling max", "429s")
BOTS, QUICK_BOTS = (1, 2, 3), (2,)
SUBSCRIBERS, QUICK_SUBSCRIBERS = 100_000, 5_000
SECONDS, QUICK_SECONDS = 30, 8
LIMIT = 30  # messages a second (core.telegram.org/bots/faq)
SETTLED = 60  # messages in which start-up ends
SINGLE, QUICK_SINGLE = 200, 40  # alerts one by one for the delay at light load
WARM = 10  # alerts before these: they make the connections
MOST_APART = 0.3  # seconds between two of them: a third of the budget
CLAIMS, CLAIMED = 100, 5
FIRST_CHAT = 1_000_000
DELAY_MS, CLAIM_MS = 500, 10

_CHATS = """
    INSERT INTO chats (id, kind, state, created_at, changed_at)
    SELECT n, 'private', 'active', now(), now() FROM generate_series(%s, %s) n
"""
_GROUP = "INSERT INTO item_groups (game, size, observed_at) VALUES ('csgo', 1, now()) RETURNING id"
_ITEM = """
    INSERT INTO items (game, title, group_id, first_seen_at, last_seen_at)
    VALUES ('csgo', %s, %s, now(), now()) RETURNING id
"""
_OPPORTUNITY = """
    INSERT INTO opportunities (item_id, variant, state, game, level, exit, offer_id, buy, net, return_bps, capacity,
        cents_per_day, evidence, opened_at, confirmed_at)
    VALUES (%s, '', 'open', 'csgo', 'medium', 'instant', %s, 1000, 100, 1000, 1, 100, %s, now(), now()) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Set:
    """A stage with a strict Telegram, so many subscribers known to both sides."""

    stage: Stage
    telegram: str
    database: Database
    subscribers: int

    def chats(self) -> list[int]:
        return list(range(FIRST_CHAT, FIRST_CHAT + self.subscribers))

    def owe(self, title: str, chats: Sequence[int]) -> float:
        """A new deal, owed to these chats and announced as the worker does it: when (unix seconds)."""
        now = datetime.now(UTC)
        group = self.stage.rows(_GROUP)[0]["id"]
        item = self.stage.rows(_ITEM, [title, group])[0]["id"]
        deal = self.stage.rows(_OPPORTUNITY, [item, title, growth_market.proof(now)])[0]["id"]
        with self.database.transaction() as session:
            alerts.create(session, deal, title, 1000, chats, now=now, expires_at=now + timedelta(hours=1))
            alerts.notify(session)
            return time.time()

    def traffic(self, since: float = 0) -> "Traffic":
        said = _asked(f"{self.telegram}/_sandbox/traffic?since={since}")
        seconds = {one["at"]: _accepted(one["methods"]) for one in said["seconds"]}
        return Traffic(
            said["carried"]["accepted"], said["carried"]["limited"], said["carried"]["largest_in_a_second"], seconds
        )


@dataclass(frozen=True, slots=True)
class Traffic:
    """What Telegram was sent in all, and accepted messages by unix second."""

    accepted: int
    limited: int
    largest: int
    seconds: dict[int, int]


def _asked(url: str, body: dict[str, int] | None = None) -> Any:
    answer = requests.get(url, timeout=30) if body is None else requests.post(url, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def _accepted(methods: dict[str, dict[str, int]]) -> int:
    return methods.get("sendmessage", {}).get("accepted", 0)


def measure(*, quick: bool) -> Report:
    report = Report("delivery", COLUMNS)
    subscribers = QUICK_SUBSCRIBERS if quick else SUBSCRIBERS
    for bots in QUICK_BOTS if quick else BOTS:
        with _set(subscribers) as own:
            _full(report, own, bots, QUICK_SECONDS if quick else SECONDS)
            if bots == (QUICK_BOTS if quick else BOTS)[-1]:
                _claims(report, own)
    with _set(subscribers) as own:
        _single(report, own, QUICK_SINGLE if quick else SINGLE)
    return report


@contextmanager
def _set(subscribers: int) -> Iterator[Set]:
    with stage(*load.market({"csgo": 200}), **load.UNSCHEDULED) as own:
        said = start_announced(
            own.stack.family, "strict", "sandbox.telegram", ["--strict-limits"], own.stack.logs.sink("strict")
        )
        _asked(f"{said['url']}/_sandbox/chats", {"count": subscribers, "first_id": FIRST_CHAT})
        own.rows(_CHATS, [FIRST_CHAT, FIRST_CHAT + subscribers - 1])
        own.stack.env["TELEGRAM_API_URL"] = said["url"]
        with own.database() as database:
            yield Set(own, said["url"], database, subscribers)


@contextmanager
def _bots(own: Set, count: int) -> Iterator[None]:
    bots = [load.spawn(own.stage, "bot", f"bot-{number}") for number in range(count)]
    try:
        load.await_ready(bots)
        yield
    finally:
        for bot in bots:
            bot.child.kill()


def _full(report: Report, own: Set, count: int, seconds: int) -> None:
    """One deal for every subscriber, more than can be sent in the time; the last alerts stay undelivered."""
    with _bots(own, count):
        own.owe(f"for all, {count}", own.chats())
        eventually("delivery is in its stride", lambda: own.traffic().accepted >= SETTLED, 60)
        start = int(time.time()) + 1
        time.sleep(start + seconds - time.time() + 0.5)  # the measured time itself
        found = own.traffic(start)
    accepted = sum(found.seconds.get(start + second, 0) for second in range(seconds))
    used = 100 * accepted / (LIMIT * seconds)
    report.rows.append((count, own.subscribers, seconds, accepted, used, found.largest, found.limited))
    name = f"{count} bot{'s' if count > 1 else ''}"
    report.bars += [
        Bar(f"{name}: % of {LIMIT} messages a second used", used, least=97, slack=1.3),
        Bar(f"{name}: answers 429", found.limited, most=0),
    ]


def _claims(report: Report, own: Set) -> None:
    """What it costs to choose the next alerts of a long outbox; nothing is kept of it."""
    took: list[float] = []
    for _ in range(CLAIMS):
        began = time.perf_counter()
        with Session(own.database.engine) as session:  # closed without a commit
            claims.claim(session, datetime.now(UTC), timedelta(seconds=30), CLAIMED)
        took.append(1000 * (time.perf_counter() - began))
    waiting = own.stage.number("SELECT count(*) FROM alerts WHERE state = 'pending'")
    report.notes.append(
        f"To claim {CLAIMED} of {waiting:,} waiting alerts took {statistics.median(took):.1f} ms (median), "
        f"{figures.percentile(took, 99):.1f} ms (p99)."
    )
    report.bars.append(
        Bar("ms to claim alerts of a long outbox, median", statistics.median(took), most=CLAIM_MS, slack=3)
    )


def _single(report: Report, own: Set, count: int) -> None:
    """One alert after another, each to one chat: from its announcement to Telegram's acceptance."""
    spread = random.Random(7)  # reproducible pauses
    chats = own.chats()
    with _bots(own, 2):
        announced: dict[int, float] = {}
        for number, chat in enumerate(spread.sample(chats, WARM + count)):
            if number == WARM:
                announced.clear()
            announced[chat] = own.owe(f"for {chat}", [chat])
            time.sleep(spread.uniform(0, MOST_APART))  # light load: some come together, most alone
        eventually("all are sent", lambda: own.traffic().accepted >= WARM + count, 60)
        messages = _asked(f"{own.telegram}/_sandbox/transcript")["messages"]
    accepted = {one["chat_id"]: datetime.fromisoformat(one["at"]).timestamp() for one in messages}
    delays = [1000 * (accepted[chat] - at) for chat, at in announced.items()]
    report.notes.append(
        f"At light load (2 bots, {count} alerts) an alert was accepted {statistics.median(delays):.0f} ms after its "
        f"commit (median), {figures.percentile(delays, 99):.0f} ms (p99), {max(delays):.0f} ms at most."
    )
    report.bars.append(
        Bar("ms from commit to acceptance at light load, p99", figures.percentile(delays, 99), most=DELAY_MS, slack=2)
    )
