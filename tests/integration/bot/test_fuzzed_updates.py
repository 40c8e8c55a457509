"""Hostile updates of every kind against a whole bot: none breaks it, each is answered or ignored on purpose.

UPDATES says how many: Telegram lets a bot say 30 things a second, so 10,000 take six minutes. UPDATES_SEED says which.
"""

import os
import time
from collections.abc import Sequence

import pytest

from models.database import Database
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.hostile import FIRST, Hostile, Must, draw
from tests.integration.bot.telegram import PATIENCE, Person, Telegram
from tests.rows import rows

ADA = 501
MANY, SEED = int(os.environ.get("UPDATES", "1000")), int(os.environ.get("UPDATES_SEED", "7"))
AT_ONCE = 300
WRONG = ("was not handled", "broke its chat's turn", "Traceback", '"level": "error"', '"level":"error"')


@pytest.mark.timeout(180 + MANY // 10)
def test_hostile_updates_are_answered_or_ignored_on_purpose(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """Whatever comes: nothing in the log, an answer where somebody asked, silence elsewhere, no other's row touched."""
    bot = start_bot()
    telegram.chat(ADA)
    ada = Person(telegram, ADA)
    ada.says("/start").sees("Subscribed.")
    (before,) = rows(database, "SELECT * FROM chats WHERE id = :ada", ada=ADA)
    bot_id = int(telegram.sandbox.token.partition(":")[0])
    told = set[int]()
    for start in range(0, MANY, AT_ONCE):
        batch = [draw(SEED, number, bot_id) for number in range(start, min(MANY, start + AT_ONCE))]
        told |= answered(telegram, batch, FIRST + start)
        silent = {one.chat_id for one in batch if one.must is Must.SILENCE}
        assert not told & silent, f"seed {SEED}: something was said to {sorted(told & silent)}"
    ada.says("/status").sees("CS2")

    assert rows(database, "SELECT * FROM chats WHERE id = :ada", ada=ADA) == [before]
    assert bot.process.poll() is None
    assert [word for word in WRONG if word in bot.log] == []


def answered(telegram: Telegram, batch: Sequence[Hostile], first: int) -> set[int]:
    """Send them, wait for all answers that must come; the chats in which anything was said."""
    telegram.people(first, len(batch))
    for one in batch:
        chat: dict[str, str] = next((value["chat"] for value in one.update.values() if "chat" in value), {})
        if chat.get("type") in {"group", "supergroup"} and "chat_join_request" not in one.update:
            telegram.chat(one.chat_id, chat["type"])
    lines = telegram.messages()
    since = lines[-1]["seq"] if lines else 0
    telegram.push(*(one.update for one in batch))
    waiting = {one.chat_id for one in batch if one.must is Must.ANSWER}
    told: set[int] = set()
    deadline = time.monotonic() + PATIENCE
    while not waiting <= told:
        news = telegram.messages(since, 1.0)
        told |= {line["chat_id"] for line in news}
        since = news[-1]["seq"] if news else since
        lost = sorted(waiting - told)
        assert time.monotonic() < deadline, f"seed {SEED}: no answer to updates {[one - FIRST for one in lost]}"
    return told
