"""Every call to Telegram that counts as a message comes through here: python-telegram-bot's rate limiter."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from time import monotonic
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.outcome import of_error
from bot.pacing import Pacing
from bot.permits import Later, Permit, Priority

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Wish = Permit | Priority

PATIENCE_SECONDS = 30.0  # seconds that an answer waits for its place
UNCOUNTED = frozenset({"sendChatAction"})  # shows "typing…" and is no message


class Counting(BaseRateLimiter[Wish]):
    """Holds each message back until its turn. `rate_limit_args` is a Permit that was taken before, or a Priority.

    Without it a call is an answer: it waits up to 30 s for its turn, and once more where Telegram refuses it.
    Everything else is refused with RetryAfter where it may not go, as by Telegram, so that its caller decides.
    """

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing

    async def initialize(self) -> None:
        """Nothing to prepare: the budget's connections are made when they are needed."""

    async def shutdown(self) -> None:
        """Nothing to end: whoever made the budget's connections closes them."""

    async def process_request(  # noqa: PLR0917  # the signature is python-telegram-bot's
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Wish | None,
    ) -> Answer:
        chat_id = data.get("chat_id")
        if not _counts(endpoint) or not isinstance(chat_id, int):
            return await callback(*args, **kwargs)
        wish = rate_limit_args or Priority.ANSWER
        try:
            return await self._sent(chat_id, wish, lambda: callback(*args, **kwargs))
        except RetryAfter as error:
            wait = of_error(error).seconds
            if wish is not Priority.ANSWER or wait > PATIENCE_SECONDS:
                raise
        await asyncio.sleep(wait)
        return await self._sent(chat_id, wish, lambda: callback(*args, **kwargs))

    async def _sent(self, chat_id: int, wish: Wish, call: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        booked = wish if isinstance(wish, Permit) else await self._turn(chat_id, wish)
        permit = await self._pacing.hold(booked)
        if isinstance(permit, Later):
            raise RetryAfter(timedelta(seconds=permit.seconds))
        sent_at = monotonic()
        try:
            answer = await call()
        except RetryAfter as error:
            await self._pacing.refused(chat_id, of_error(error).seconds)
            raise
        await self._pacing.arrived(permit, sent_at, monotonic())
        return answer

    async def _turn(self, chat_id: int, priority: Priority) -> Permit:
        found = await self._pacing.turn(chat_id, priority, PATIENCE_SECONDS)
        if isinstance(found, Later):
            raise RetryAfter(timedelta(seconds=found.seconds))
        return found


def _counts(endpoint: str) -> bool:
    return endpoint.startswith(("send", "edit", "copy", "forward")) and endpoint not in UNCOUNTED
