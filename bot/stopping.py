"""What ends the bot: a signal, or what makes going on useless."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import Any

from bot.permits import Seconds
from telemetry.logs import logger

log = logger(__name__)

BAD_CONFIGURATION = 2  # exit codes
INTERRUPTED = 1


class Stop:
    """Set once, by a signal or by what makes going on useless; holds the exit code."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.code = 0
        self._signalled = False

    def now(self, code: int = 0) -> None:
        if not self.asked.is_set():
            self.code = code
            self.asked.set()

    def signalled(self) -> None:
        """The first signal asks for an orderly end; who sends a second one will not wait for it."""
        if self._signalled:
            log.warning("ended before everything was answered; what Telegram has in hand is recorded as such")
            os._exit(INTERRUPTED)
        self._signalled = True
        log.info("told to end")
        self.now()

    def bad_token(self) -> None:
        if not self.asked.is_set():
            log.error("TELEGRAM_BOT_TOKEN: Telegram does not know this token; ask @BotFather for the current one")
        self.now(BAD_CONFIGURATION)

    async def unless(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work` to its end, or drop it when asked to stop: False then."""
        task, asked = asyncio.create_task(work), asyncio.create_task(self.asked.wait())
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if task.done():
            task.result()
            return not self.asked.is_set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return False


async def ended(*pools: Callable[[], object], seconds: Seconds) -> bool:
    """Close pools of threads; False where a thread of theirs is still at work after so many seconds.

    A statement that PostgreSQL does not answer, or a library that is being read, cannot be broken off: Python would
    wait for it, and whoever stops the bot does not wait that long.
    """
    closing = [Thread(target=close, daemon=True) for close in pools]
    for thread in closing:
        thread.start()
    until = monotonic() + seconds
    while any(thread.is_alive() for thread in closing):
        if monotonic() > until:
            return False
        await asyncio.sleep(0.01)  # nothing wakes the loop when a thread ends
    return True
