from collections import Counter

import pytest

from bot.delivery import SLOTS
from models.database import Database
from sandbox.telegram.world import Options
from tests.integration.bot.conftest import StartBot, eventually
from tests.integration.bot.rows import outbox, owe, states, subscribed
from tests.integration.bot.telegram import Telegram


def introduce(telegram: Telegram, database: Database, count: int) -> list[int]:
    """Subscribers that Telegram knows."""
    chat_ids = list(range(600, 600 + count))
    for chat_id in chat_ids:
        telegram.chat(chat_id, spoke=True)  # not by an update: its answer would meet the faults that a test plans
    subscribed(database, *chat_ids)
    return chat_ids


def told(telegram: Telegram, title: str) -> Counter[int]:
    return Counter(line["chat_id"] for line in telegram.messages() if title in line["text"])


def all_ended(database: Database) -> bool:
    return all(state not in {"pending", "sending"} for state, _ in states(database))


def test_a_killed_bot_loses_nothing_and_repeats_only_what_was_in_flight(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """kill -9 amid 60 deliveries; the next bot tells everybody else exactly once."""
    chat_ids = introduce(telegram, database, 60)
    bot = start_bot()
    owe(database, chat_ids, title="amid deliveries")
    telegram.wait_for("amid deliveries", times=10)
    bot.kill()
    in_flight = sum(state == "sending" for state, _ in states(database))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alerts SET lease_until = now() WHERE lease_until IS NOT NULL")
    start_bot()
    eventually(lambda: all_ended(database), "every alert ends")
    heard = told(telegram, "amid deliveries")

    assert in_flight <= SLOTS
    assert set(heard) == set(chat_ids)
    assert sum(heard.values()) - len(chat_ids) <= in_flight
    assert max(heard.values()) <= 2
    assert {state for state, _ in states(database)} == {"sent"}


def test_a_stopped_bot_finishes_and_repeats_nothing(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """SIGTERM amid deliveries: exit 0, nothing in flight, and the next bot tells the rest once."""
    chat_ids = introduce(telegram, database, 60)
    bot = start_bot()
    owe(database, chat_ids, title="amid deliveries")
    telegram.wait_for("amid deliveries", times=10)
    code = bot.stop()
    left = Counter(state for state, _ in states(database))
    start_bot()
    eventually(lambda: all_ended(database), "every alert ends")

    assert code == 0
    assert left["sending"] == 0
    assert left["pending"] > 0
    assert told(telegram, "amid deliveries") == Counter(chat_ids)


def test_two_bots_share_the_work_and_tell_nobody_twice(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Only one of them polls, both deliver."""
    chat_ids = introduce(telegram, database, 40)
    bots = [start_bot(), start_bot()]
    owe(database, chat_ids, title="for everybody")
    eventually(lambda: all_ended(database), "every alert ends")

    assert told(telegram, "for everybody") == Counter(chat_ids)
    assert {state for state, _ in states(database)} == {"sent"}
    assert sum("polling Telegram" in bot.log for bot in bots) == 1


@pytest.mark.parametrize("telegram", [Options(strict_limits=True)], indirect=True)
@pytest.mark.timed
def test_a_crowd_is_told_within_telegrams_limits(start_bot: StartBot, telegram: Telegram, database: Database) -> None:
    """Telegram never has to ask for patience: each of 60 chats is told at the first try, and answered before."""
    chat_ids = introduce(telegram, database, 60)
    bot = start_bot()
    for chat_id in chat_ids:
        telegram.say(chat_id, "hello")
    eventually(lambda: len(telegram.messages()) == len(chat_ids), "everybody's hello is answered")
    owe(database, chat_ids, title="for everybody")
    eventually(lambda: all_ended(database), "every alert ends")

    assert {alert.attempts for alert in outbox(database)} == {1}
    assert "asks to wait" not in bot.log


def test_what_was_said_while_the_bot_was_away_is_answered(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """A /start is not lost."""
    telegram.chat(501)
    telegram.say(501, "/start")
    start_bot()

    telegram.wait_for("Subscribed.", 501)
