"""Whether the parts that the bot depends on are well: looked at all the time, so that the metrics tell of it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from telegram import Bot
from telegram.error import TelegramError

from bot.delivery import Send
from bot.outcome import Kind, Outcome
from bot.permits import Permit
from domain.conditions import Part
from models.queries.alerts import ClaimedAlert
from telemetry.conditions import Conditions, look
from telemetry.http import Check

SECONDS = 5.0  # between two looks
ENOUGH = 3  # messages in a row that Telegram did not take
REST = timedelta(seconds=60)  # longer than an alert waits for its next try: then none is left that would tell

SAID: Mapping[Kind, str] = {
    Kind.WAIT: "Telegram asks to wait",
    Kind.AGAIN: "Telegram does not take messages",
    Kind.UNKNOWN: "Telegram took messages without an answer",
    Kind.TOKEN: "Telegram does not know the bot",
}  # every other outcome is an answer about one chat or one message, hence of a Telegram that works


class Watch:
    """`run` looks until cancelled. `looks` are checks named for their parts; what alerts meet comes by `watched`."""

    def __init__(
        self, conditions: Conditions, looks: Mapping[str, Check], bot: Bot, now: Callable[[], datetime]
    ) -> None:
        self._conditions = conditions
        self._looks = looks
        self._bot = bot
        self._now = now

    def watched(self, send: Send) -> Send:
        """`send`, with each outcome noted."""

        async def hand_over(alert: ClaimedAlert, permit: Permit) -> Outcome:
            outcome = await send(alert, permit)
            self._note(outcome)
            return outcome

        return hand_over

    async def run(self) -> None:
        while True:
            await asyncio.to_thread(look, self._conditions, self._looks, self._now())
            await self._ask_again()
            await asyncio.sleep(SECONDS)

    def sending(self) -> str | None:
        """None while Telegram takes messages, else one sentence."""
        return next((one.reason for one in self._conditions.degraded({Part.TELEGRAM})), None)

    def _note(self, outcome: Outcome) -> None:
        reason = SAID.get(outcome.kind)
        if reason:
            self._conditions.failed(Part.TELEGRAM, reason, self._now(), enough=ENOUGH)
        else:
            self._conditions.good(Part.TELEGRAM, self._now())

    async def _ask_again(self) -> None:
        """Where sending failed and nothing is left to send, an answer to another question ends the trouble."""
        quiet = [one for one in self._conditions.degraded({Part.TELEGRAM}) if one.tried_at]
        if not any(one.tried_at and one.tried_at <= self._now() - REST for one in quiet):
            return
        try:
            await self._bot.get_me()
        except TelegramError:
            self._conditions.failed(Part.TELEGRAM, SAID[Kind.AGAIN], self._now())
        else:
            self._conditions.good(Part.TELEGRAM, self._now())
