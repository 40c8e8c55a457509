"""Telegram repeats an update when it is not sure that somebody has it: which of them were answered already."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from telemetry.logs import logger

log = logger(__name__)

BEGUN = timedelta(seconds=8)  # for which whoever began an update may be at it without anybody else taking it
DONE = timedelta(hours=25)  # Telegram keeps updates for 24 (core.telegram.org/bots/api#getting-updates)
LOOK_SECONDS = 0.5  # between two looks whether another process has finished


class Repeats:
    """Shared by all processes. While Redis is away nothing counts as repeated."""

    def __init__(self, client: Redis, root: str) -> None:
        self._client = client
        self._root = root
        self._own = uuid4().hex

    async def begin(self, update_id: int) -> bool:
        """Whether this process is to answer the update. Waits where another one is at it, until it is done or gone."""
        key = f"{self._root}:update:{update_id}"
        while True:
            try:
                if await self._client.set(key, self._own, nx=True, px=BEGUN):
                    return True
                found = await self._client.get(key)
            except RedisError as error:
                log.debug("nobody knows which updates are repeated", reason=type(error).__name__)
                return True
            if found in {"done", self._own}:
                return False
            await asyncio.sleep(LOOK_SECONDS)

    async def done(self, update_id: int) -> None:
        """The update was answered, or is never going to be."""
        try:
            await self._client.set(f"{self._root}:update:{update_id}", "done", px=DONE)
        except RedisError as error:
            log.debug("an answered update is not remembered", reason=type(error).__name__)
