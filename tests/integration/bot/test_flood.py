"""Somebody who asks without end: a whole bot."""

import time

import pytest
from redis.asyncio import Redis

from bot.limits import RATES, Limits
from models.database import Database
from tests.integration.bot.conftest import StartBot
from tests.integration.bot.rows import clock, owe, subscribed
from tests.integration.bot.telegram import Telegram
from tests.integration.bot.with_redis import with_redis

ADA, EVE = 501, 666


@pytest.mark.timed
def test_a_flood_holds_up_nobody_else_and_gets_one_refusal(
    start_bot: StartBot, telegram: Telegram, database: Database
) -> None:
    """While Eve's hundred questions are answered or dropped, Ada gets her answer and her alert as ever."""
    bot = start_bot()
    for chat_id in (ADA, EVE):
        telegram.chat(chat_id)
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA)
    subscribed(database, ADA)
    for _ in range(100):
        telegram.say(EVE, "/help")
    asked = time.monotonic()
    telegram.say(ADA, "/help")
    telegram.wait_for("/status", ADA, times=2)
    owe(database, [ADA], title="in spite of Eve")
    telegram.wait_for("in spite of Eve", ADA)

    assert time.monotonic() - asked < 5
    assert len([line for line in telegram.messages() if line["chat_id"] == EVE]) <= 10
    assert "Traceback" not in bot.log


def test_who_asks_too_fast_is_told_how_long_to_wait(start_bot: StartBot, telegram: Telegram, redis_url: str) -> None:
    """Once; an admin lifts it, and the next question is answered."""
    start_bot()
    telegram.chat(EVE)
    root = f"skinbeat:telegram:{{{telegram.sandbox.token.partition(':')[0]}}}"

    async def use_up(client: Redis) -> None:
        limits = Limits(client, root)
        for _ in range(RATES["default"].burst):
            await limits.allow(EVE, "default", clock())

    async def lift(client: Redis) -> bool:
        return await Limits(client, root).lift(EVE)

    with_redis(redis_url, use_up)
    telegram.say(EVE, "/help")
    telegram.wait_for("Too fast: try again in", EVE)
    telegram.say(EVE, "/help")
    telegram.say(EVE, "/help")

    assert with_redis(redis_url, lift)
    telegram.say(EVE, "/help")
    telegram.wait_for("/status", EVE)
    assert len(telegram.wait_for("Too fast", EVE)) == 1
