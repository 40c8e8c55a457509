"""Any number of bots on one database and one Redis: whole processes against the simulated Telegram."""

import json
import time
from collections import Counter

import httpx
import pytest

from models.database import Database
from sandbox.servers.ports import free_port
from sandbox.telegram.world import Options
from tests.integration.bot.conftest import Bot, StartBot, eventually
from tests.integration.bot.rows import outbox, owe, states, subscribed
from tests.integration.bot.telegram import Telegram
from tests.integration.bot.test_process import get

STRICT = pytest.mark.parametrize("telegram", [Options(strict_limits=True)], indirect=True)
ADA = 501
MANY = range(1_000, 1_060)
TAKEOVER_SECONDS = 15.0


def polling(*bots: Bot) -> list[Bot]:
    return [bot for bot in bots if "polling Telegram" in bot.log]


def carried(telegram: Telegram) -> dict[str, int]:
    answer = httpx.get(f"{telegram.sandbox.url}/_sandbox/traffic", timeout=30)
    numbers: dict[str, int] = answer.json()["carried"]
    return numbers


def crowd(telegram: Telegram, database: Database) -> list[int]:
    """Sixty subscribers whom the bot may write to."""
    httpx.post(
        f"{telegram.sandbox.url}/_sandbox/chats", json={"count": len(MANY), "first_id": MANY.start}, timeout=30
    ).raise_for_status()
    subscribed(database, *MANY)
    return list(MANY)


@STRICT
@pytest.mark.timed
def test_two_bots_deliver_each_alert_once_within_the_limits(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Both send, none is refused, and together they are as fast as one may be."""
    chats = crowd(telegram, database)
    bots = [start_bot(), start_bot()]
    began = time.monotonic()
    owe(database, chats, title="for sixty")
    eventually(lambda: {state for state, _ in states(database)} == {"sent"}, "all are sent")
    took = time.monotonic() - began

    said = Counter(line["chat_id"] for line in telegram.messages() if "for sixty" in line["text"])
    assert said == dict.fromkeys(chats, 1)
    assert carried(telegram)["limited"] == 0
    assert carried(telegram)["largest_in_a_second"] <= 30
    assert took < 5
    assert all("Traceback" not in bot.log for bot in bots)


@pytest.mark.timed
def test_when_the_polling_bot_is_killed_another_one_answers(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Exactly one polls; within 15 s after kill -9 the other does, and says nothing of a conflict."""
    bots = [start_bot(), start_bot()]
    eventually(lambda: len(polling(*bots)) == 1, "one polls")
    (first,) = polling(*bots)
    (second,) = (bot for bot in bots if bot is not first)
    telegram.chat(ADA)
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)
    first.kill()
    killed = time.monotonic()
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA, times=2)
    took = time.monotonic() - killed

    assert took < TAKEOVER_SECONDS
    eventually(lambda: polling(*bots) == bots, "the other one says that it polls")
    assert "another database" not in second.log
    assert "Conflict" not in second.log


def test_a_stopped_bot_hands_polling_over(start_bot: StartBot, telegram: Telegram) -> None:
    """Without losing or repeating what was asked between."""
    bots = [start_bot(), start_bot()]
    eventually(lambda: len(polling(*bots)) == 1, "one polls")
    (first,) = polling(*bots)
    telegram.chat(ADA)
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)

    assert first.stop() == 0
    telegram.say(ADA, "/help")
    assert len(telegram.wait_for("/status", ADA, times=2)) == 2
    assert len(polling(*bots)) == 2


def test_a_lost_lease_ends_polling_where_another_took_it(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """The database ended the connection of the one that polled: one of both goes on, no command is lost."""
    bots = [start_bot(), start_bot()]
    eventually(lambda: len(polling(*bots)) == 1, "one polls")
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'skinbeat-bot-poller' AND datname = current_database()"
        )
    telegram.chat(ADA)
    for times in (1, 2, 3):
        telegram.say(ADA, "/help")
        telegram.wait_for("/status", ADA, times)

    assert all(bot.process.poll() is None for bot in bots)
    assert all("stop one" not in bot.log for bot in bots)


def test_a_storm_of_refusals_holds_both_bots_up_and_loses_nothing(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """After two refusals everybody waits, in both processes; then all alerts arrive, each once."""
    chats = crowd(telegram, database)
    start_bot()
    start_bot()
    telegram.fault("429", retry_after=3, times=3)
    owe(database, chats, title="after the storm")
    eventually(lambda: {state for state, _ in states(database)} == {"sent"}, "all are sent")

    said = Counter(line["chat_id"] for line in telegram.messages() if "after the storm" in line["text"])
    assert said == dict.fromkeys(chats, 1)
    assert carried(telegram)["limited"] <= 3


def test_a_chat_that_is_refused_again_and_again_holds_up_nobody(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Its alert waits; those of all others arrive meanwhile, from both bots."""
    chats = crowd(telegram, database)
    start_bot()
    start_bot()
    telegram.fault("429", retry_after=60, chat_id=chats[0], times=100)
    owe(database, chats, title="in spite of one")

    eventually(lambda: Counter(state for state, _ in states(database))["sent"] == len(chats) - 1, "the others are sent")
    assert [alert.chat_id for alert in outbox(database) if alert.state != "sent"] == [chats[0]]


def test_without_redis_a_bot_answers_and_delivers_slowly(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """One warning, and /ready stays 200 with a sentence; no message is lost or sent twice."""
    port = free_port()
    bot = start_bot(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0", HTTP_PORT=str(port))
    telegram.chat(ADA)
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)
    chats = crowd(telegram, database)[:8]
    began = time.monotonic()
    owe(database, chats, title="in spite of Redis")
    eventually(lambda: states(database) == [("sent", "delivered")] * len(chats), "all are sent")
    took = time.monotonic() - began

    code, checks = get(port, "/ready")
    assert code == 200
    assert "Redis does not answer" in json.loads(checks)["budget"]
    assert took > 1
    assert bot.log.count("no shared Telegram budget") == 1
    assert "Traceback" not in bot.log
