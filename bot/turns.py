"""In which order updates are answered: those of one chat one after another, those of different chats side by side."""

import asyncio
from collections import deque
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.repeats import Repeats
from telemetry.logs import logger
from telemetry.metrics import UPDATES

log = logger(__name__)

AT_ONCE = 64  # updates that are answered side by side
MOST = 500  # that wait: then no more are taken from Telegram, which keeps them
MOST_OF_CHAT = 20  # that wait of one chat: more are dropped, so that whoever floods takes no room from others

Work = tuple[Update, Awaitable[Any]]


class Turns(BaseUpdateProcessor):
    """Takes updates in one at a time and hands them on; holds its caller up while too many wait."""

    def __init__(self, repeats: Repeats) -> None:
        super().__init__(max_concurrent_updates=1)
        self._repeats = repeats
        self._waiting: dict[int, deque[Work]] = {}
        self._count = 0
        self._room = asyncio.Event()
        self._room.set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def full(self) -> bool:
        """Whether no update should be taken in now."""
        return not self._room.is_set()

    async def initialize(self) -> None:
        """Nothing to prepare: a chat's task is made with its first update."""

    async def shutdown(self) -> None:
        """Drop what still waits; `drain` first loses nothing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Wait until everything that was taken in is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        await self._room.wait()
        if not isinstance(update, Update):
            await coroutine
            return
        chat_id = _chat_of(update)
        waiting = self._waiting.get(chat_id)
        if waiting is not None and len(waiting) >= MOST_OF_CHAT:
            await self._dropped(update, coroutine)
            return
        self._counted(1)
        if waiting is not None:
            waiting.append((update, coroutine))
            return
        self._waiting[chat_id] = deque([(update, coroutine)])
        task = asyncio.create_task(self._answer_chat(chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_chat(self, chat_id: int) -> None:
        """Answer one after another until none waits."""
        waiting = self._waiting[chat_id]
        try:
            while waiting:
                update, coroutine = waiting.popleft()
                async with self._places:
                    await self._answer(update, coroutine)
                self._counted(-1)
        finally:
            del self._waiting[chat_id]
            for _, coroutine in waiting:
                _close(coroutine)

    async def _answer(self, update: Update, coroutine: Awaitable[Any]) -> None:
        if not await self._repeats.begin(update.update_id):
            _close(coroutine)
            UPDATES.labels("repeated").inc()
            return
        try:
            await coroutine
        except Exception:
            log.exception("an update broke its chat's turn")  # python-telegram-bot reports what handlers raise itself
        await self._repeats.done(update.update_id)
        UPDATES.labels("answered").inc()

    async def _dropped(self, update: Update, coroutine: Awaitable[Any]) -> None:
        _close(coroutine)
        UPDATES.labels("dropped").inc()
        await self._repeats.done(update.update_id)

    def _counted(self, change: int) -> None:
        self._count += change
        if self._count >= MOST:
            self._room.clear()
        else:
            self._room.set()


def _chat_of(update: Update) -> int:
    """The chat that an update belongs to, or the person; 0 for what belongs to neither."""
    whose = update.effective_chat or update.effective_user
    return whose.id if whose else 0


def _close(coroutine: Awaitable[Any]) -> None:
    """A coroutine that never runs is closed, or Python would warn."""
    if asyncio.iscoroutine(coroutine):
        coroutine.close()
