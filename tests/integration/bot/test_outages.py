"""What the bot says and shows while workers report trouble, or Telegram takes nothing."""

import asyncio
from datetime import datetime, timedelta

import pytest
from telegram import Bot

from bot.outcome import Kind, Outcome
from bot.permits import Permit
from bot.upstream import data
from bot.watch import ENOUGH, REST, SAID, Watch
from domain.conditions import Condition, Part
from models.database import Database
from models.queries import conditions
from models.queries.alerts import ClaimedAlert
from sandbox.servers.ports import free_port
from telemetry.conditions import Conditions
from tests.factories import NOW
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import an_opportunity, clock
from tests.integration.bot.telegram import Telegram
from tests.integration.bot.test_process import get

ADA = 501


def report(database: Database, *seen: Condition, at: datetime | None = None) -> None:
    with database.transaction() as session:
        conditions.report(session, "a:1", seen, at or clock())


def failing(part: Part, since: datetime) -> Condition:
    return Condition(part, since=since, reason="why", failures=3, degraded=True)


def said_by_data(database: Database, now: datetime) -> str | None:
    with database.transaction() as session:
        return data(session, now)


def test_the_data_check_names_what_is_missing(database: Database) -> None:
    """No report, parts that deals need, or nothing; an old fee list is no reason."""
    never = said_by_data(database, NOW)
    report(database, failing(Part.FEES, NOW), at=NOW)
    well = said_by_data(database, NOW)
    report(database, failing(Part.OFFERS, NOW), failing(Part.BROKER, NOW), at=NOW)
    with database.transaction() as session:
        an_opportunity(session, NOW)  # with its group of titles, read now
    bad = said_by_data(database, NOW)
    gone = said_by_data(database, NOW + timedelta(minutes=1))

    clock_says = NOW.strftime("%Y-%m-%d %H:%M:%S UTC")
    assert never == "no worker reports, the last report came never"
    assert well is None
    assert bad == (
        f"the workers fail at broker since {clock_says}, offers since {clock_says}; "
        f"the newest prices were read {clock_says}"
    )
    assert gone == f"no worker reports, the last report came {clock_says}"


def test_the_chat_is_told_what_workers_report(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """In plain words, without their reasons, only when asked."""
    report(database, failing(Part.OFFERS, clock() - timedelta(minutes=3)))
    start_bot()
    telegram.chat(ADA)
    telegram.say(ADA, "/status")
    (status,) = telegram.wait_for("planned every", ADA)
    telegram.say(ADA, "/top")
    (top,) = telegram.wait_for("cannot tell", ADA)

    line = "⚠️ DMarket: offers unreadable for 3 min — nothing can be confirmed, alerts pause"
    assert status["text"].startswith(line)
    assert "why" not in status["text"]
    assert line in top["text"]
    assert len(telegram.messages()) == 2


def test_parts_show_in_the_metrics_without_being_asked(start_bot: StartBot, database: Database) -> None:
    """Database and polling well, nobody at work."""
    port = free_port()
    start_bot(HTTP_PORT=str(port))

    for line in ('{part="data"} 1.0', '{part="database"} 0.0', '{part="polling"} 0.0'):
        eventually(lambda line=line: f"skinbeat_degraded{line}" in get(port, "/metrics")[1], line)  # type: ignore[misc]  # the loop's own line


class Sending:
    """A Watch whose clock and outcomes a test sets, with a real bot to ask."""

    def __init__(self, bot: Bot) -> None:
        self.now = NOW
        self.bot = bot
        self.outcome = Outcome(Kind.SENT)
        self.watch = Watch(Conditions(), {}, bot, lambda: self.now)
        self._send = self.watch.watched(self._answer)

    async def _answer(self, _alert: ClaimedAlert, _permit: Permit) -> Outcome:
        return self.outcome

    async def send(self, kind: Kind, times: int = 1, alert: ClaimedAlert | None = None) -> str | None:
        self.outcome = Outcome(kind, text="canary")
        for _ in range(times):
            await self._send(alert, Permit(ADA, 0))  # type: ignore[arg-type]  # nobody looks at it here
        return self.watch.sending()


@pytest.fixture
def sending(telegram: Telegram) -> Sending:
    return Sending(Bot(telegram.sandbox.token, base_url=f"{telegram.sandbox.url}/bot"))


@pytest.mark.parametrize("kind", list(SAID))
def test_sending_fails_after_enough_messages_in_a_row(sending: Sending, kind: Kind) -> None:
    """With a sentence of our own: what Telegram or a proxy writes is not shown; any answer about a chat ends it."""

    async def story() -> list[str | None]:
        return [
            await sending.send(kind, ENOUGH - 1),
            await sending.send(kind),
            await sending.send(Kind.BLOCKED),
            await sending.send(kind),
        ]

    assert asyncio.run(story()) == [None, SAID[kind], None, None]


def test_telegram_is_asked_again_where_no_message_would_tell(sending: Sending, telegram: Telegram) -> None:
    """After the longest pause between two tries of an alert; as long as it does not answer, the trouble lasts."""

    async def story() -> list[str | None]:
        said = [await sending.send(Kind.AGAIN, ENOUGH)]
        for later in (REST / 2, REST, 2 * REST):
            sending.now = NOW + later
            if later == REST:
                telegram.fault("500", method="getme", times=1)
            await sending.watch._ask_again()
            said.append(sending.watch.sending())
        await sending.bot.request.shutdown()
        return said

    assert asyncio.run(story()) == [SAID[Kind.AGAIN]] * 3 + [None]
