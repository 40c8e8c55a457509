"""What a bot shares with others through Redis, tried without a bot."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import Redis

from bot.shared import connect

Result = TypeVar("Result")


def with_redis(url: str, work: Callable[[Redis], Awaitable[Result]]) -> Result:
    """Run `work` with a client of its own in an event loop of its own."""

    async def run() -> Result:
        client = connect(url)
        try:
            return await work(client)
        finally:
            await client.aclose()

    return asyncio.run(run())
