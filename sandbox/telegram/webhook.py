"""Delivery of updates to the bot's own address (bots/api#setwebhook)."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from sandbox.telegram.updates import Update, UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header, no secret
ANSWER_SECONDS = 10.0
# The real service begins at 2 s and goes to minutes; nobody wants to wait that long for a test.
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0


@dataclass(frozen=True)
class Target:
    """Where updates go; `connections` is how many may be under way at once."""

    url: str
    secret: str
    connections: int


class Webhook:
    """Posts each update until it is answered with 2xx: one after another in a lane, lanes side by side.

    What the answer says is not read: the real service takes a method call there, this one does not.
    """

    def __init__(self, updates: UpdateQueue, clock: Callable[[], datetime]) -> None:
        self._updates = updates
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._error: dict[str, Any] = {}
        self._target: Target | None = None

    @property
    def url(self) -> str:
        """Empty while the bot polls."""
        return self._target.url if self._target else ""

    def describe(self) -> dict[str, Any]:
        """As bots/api#webhookinfo has it."""
        info = {"url": self.url, "has_custom_certificate": False, "pending_update_count": self._updates.pending}
        if self._target is not None:
            info["max_connections"] = self._target.connections
        allowed = {"allowed_updates": self._updates.allowed} if self._updates.allowed else {}
        return info | allowed | self._error

    async def set(self, target: Target) -> None:
        """Deliver what waits and all that comes to `target`, and no longer to the former one."""
        await self.remove()
        self._target = target
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        free = asyncio.Semaphore(target.connections)
        self._updates.interrupt("setWebhook request")
        self._updates.on_put = lambda lane: self._serve(lane, target, free)
        for lane in self._updates.lanes():
            self._serve(lane, target, free)

    async def remove(self) -> None:
        """Deliver nothing any more; what was not answered waits on."""
        self._updates.on_put = None
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        self._session, self._target, self._error = None, None, {}

    def _serve(self, lane: str, target: Target, free: asyncio.Semaphore) -> None:
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.get_running_loop().create_task(self._empty(lane, target, free))

    async def _empty(self, lane: str, target: Target, free: asyncio.Semaphore) -> None:
        """Deliver the updates of a lane in their order until none waits."""
        pause = FIRST_PAUSE
        while (update := self._updates.first(lane)) is not None:
            async with free:
                error = await self._post(update, target)
            if not error:
                self._updates.confirm(update["update_id"])
                pause = FIRST_PAUSE
                continue
            self._error = {"last_error_date": int(self._clock().timestamp()), "last_error_message": error}
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        self._tasks.pop(lane, None)

    async def _post(self, update: Update, target: Target) -> str:
        """What went wrong, in the words of getWebhookInfo; empty if the update arrived."""
        assert self._session is not None  # noqa: S101  # set() opens it before it starts any delivery
        headers = {SECRET_HEADER: target.secret} if target.secret else {}
        try:
            async with self._session.post(target.url, json=update, headers=headers, allow_redirects=False) as answer:
                if 200 <= answer.status < 300:
                    return ""
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientConnectorError as error:
            return os.strerror(error.errno) if error.errno else "Connection failed"
        except aiohttp.ClientError:
            return "Connection closed"
