"""Telegram's limits, shared by all bot processes: when the next message may be handed over, and to whom.

core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 messages a second in all, one a second
in a chat with short bursts beyond it, 20 a minute in a group. Edits count as messages.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.local_pace import LocalPace
from bot.pacing_scripts import LOOK, MOVED, REFUSED, STILL, TAKE
from bot.permits import Later, Look, Permit, Priority, Seconds
from telemetry.logs import logger
from telemetry.metrics import TELEGRAM_PERMITS, TELEGRAM_REFUSED

log = logger(__name__)

MICRO = 1_000_000
OVERALL = 30
PAD = 10_000  # microseconds beyond one second that the 30 are spread over: 29.7 a second
LEAST_PAD = 5_000  # beyond the second between a message that went late and the thirtieth after it
PAD_STEP_UP, PAD_CAP = 10_000, 45_000
CLEAN, PAD_STEP_DOWN = 1_000, 1_000  # messages without a refusal that earn one step down
SPACING = 1_050_000  # between a chat's last answer or alert and its next alert: a little more than asked, for jitter
BURST = (5, 5_250_000)  # all that goes to a chat
EDITS = (1, SPACING, 3, 5_250_000)  # an edit keeps from all else, and leaves two of the burst to whoever waits for more
GROUP = (20, 61_000_000)
MOMENT_MS = 1_000  # for which all wait where one private chat is refused, which may be that chat's alone
RETURN_MS = 1_500  # for which all wait when Redis is back: some still send at their own pace
PROBE_SECONDS = 1.0  # between two tries while Redis is away
CHECK_SECONDS = 0.05  # before its time a booked message is checked against refusals that came since
LATE_SECONDS = 0.004  # what arrived later than that after its time is moved in the log
LATEST_SECONDS = 0.5  # more is no jitter
TRIPS = 256  # the fastest of so many answers tells how long the way is
FEWEST_TRIPS = 16  # before which nobody knows: the first ones wait for their connections


class Pacing:
    """Permits for messages, from the budget in Redis; without Redis at the careful pace of this process alone."""

    def __init__(self, client: Redis, root: str, clock: Callable[[], Seconds] = monotonic) -> None:
        self._client = client
        self._root = root
        self._clock = clock
        self._local = LocalPace()
        self._scripts = {text: client.register_script(text) for text in (TAKE, LOOK, STILL, MOVED, REFUSED)}
        self._trips: deque[Seconds] = deque(maxlen=TRIPS)
        self._doubt = False
        self._trouble: str | None = None
        self._probe_at: Seconds = 0

    def check(self) -> str | None:
        """None while the budget is shared, else one sentence."""
        return self._trouble

    async def look(self) -> Look:
        """What may be booked for alerts now, and for whom not."""
        said = await self._ask(LOOK, [_micro(Priority.ALERT.ahead)])
        if said is None:
            return self._local.look(self._clock())
        room, wait, gap, free, chats = said
        free_in = int(free) / MICRO if chats and int(free) >= 0 else None
        return Look(int(room), int(wait) / MICRO, int(gap) / MICRO, free_in, [int(chat) for chat in chats])

    async def turn(self, chat_id: int, priority: Priority, patience: Seconds) -> Permit | Later:
        """Book the next place that this priority may have, waiting up to `patience` seconds until it may.

        Later where that is not enough, and for all but answers at once where the chat rests.
        """
        ends = self._clock() + patience
        while True:
            found = await self._take(chat_id, priority)
            if isinstance(found, Permit):
                TELEGRAM_PERMITS.labels(priority.value).inc()
                return found
            if self._clock() + found.seconds > ends or (found.chat and priority is not Priority.ANSWER):
                return found
            await asyncio.sleep(found.seconds)

    async def hold(self, permit: Permit) -> Permit | Later:
        """Wait for the permit's time: the permit with which to go. Later where a refusal came since it was booked."""
        await self._until(permit.at - CHECK_SECONDS)
        said = await self._ask(STILL, [permit.chat_id, permit.stamp, LEAST_PAD]) if permit.stamp else None
        if said is None:
            wait = self._local.held(self._clock())
        else:
            wait, self._doubt = int(said[0]) / MICRO, bool(said[1])
            later = int(said[2]) / MICRO
            permit = replace(permit, at=permit.at + later, stamp=said[3], logged=permit.logged + later)
        if wait and self._clock() + wait > permit.at:  # what ends before its time was known when it was booked
            return Later(wait)
        await self._until(permit.at)
        return permit

    async def arrived(self, permit: Permit, sent_at: Seconds, answered_at: Seconds) -> None:
        """Telegram took a message that was handed over at `sent_at`.

        What the way took beyond the shortest one, and the time by which it went late, is how much later than booked it
        may have arrived: its place in the log moves by that much, so that no second holds more than its share.
        """
        self._trips.append(answered_at - sent_at)
        shortest = min(self._trips) if len(self._trips) >= FEWEST_TRIPS else 0
        late = min(answered_at - shortest - permit.logged, LATEST_SECONDS)
        if permit.stamp and late > LATE_SECONDS:
            await self._ask(MOVED, [permit.stamp, _micro(late)])
        if self._doubt and permit.chat_id > 0:
            self._doubt = False
            await self._try(self._client.delete(f"{self._root}:suspect"))

    async def refused(self, chat_id: int, seconds: Seconds) -> None:
        """Telegram said 429 and asks to wait; every process does.

        A group has a limit of its own. After a private chat's refusal all wait for a moment, and after that of a
        second one, without a success between them, as long as Telegram says.
        """
        self._local.refused(chat_id, self._clock() + seconds)
        milliseconds, group = max(1, round(seconds * 1000)), int(chat_id < 0)
        said = await self._ask(REFUSED, [chat_id, milliseconds, MOMENT_MS, group, PAD_STEP_UP, PAD_CAP])
        TELEGRAM_REFUSED.labels("all" if said and int(said) else "chat").inc()

    async def _take(self, chat_id: int, priority: Priority) -> Permit | Later:
        alert, edit = priority is Priority.ALERT, priority is Priority.EDIT
        of_all = [*BURST, *(GROUP if chat_id < 0 else ())]
        rules = [0 if edit else SPACING, len(of_all) // 2, *of_all, *(EDITS if edit else ())]
        asked = [_micro(priority.ahead), chat_id, CLEAN, PAD_STEP_DOWN, int(alert), *rules]
        asked_at = self._clock()
        said = await self._ask(TAKE, asked, chat_id)
        if said is None:
            return self._local.take(chat_id, priority, self._clock())
        state, wait, stamp = int(said[0]), int(said[1]) / MICRO, said[2]
        if state == 1:
            return Permit(chat_id, self._clock() + wait, stamp, asked_at + wait)
        return Later(wait, chat=state == -1)

    async def _ask(self, script: str, arguments: Sequence[int | str], chat_id: int = 0) -> Any:
        """What the script answers, None while Redis is away."""
        if self._trouble and (self._clock() < self._probe_at or not await self._come_back()):
            return None
        names = ("sent", "paused", "pace", "resting", "refused", "suspect", f"chat:{chat_id}")
        keys = [f"{self._root}:{name}" for name in names]
        return await self._try(cast("Awaitable[Any]", self._scripts[script](keys, [OVERALL, PAD, *arguments])))

    async def _come_back(self) -> bool:
        """Share the budget again, after a pause for all: what was sent meanwhile is in no log."""
        self._probe_at = self._clock() + PROBE_SECONDS
        pause = self._client.set(f"{self._root}:paused", 1, px=RETURN_MS, nx=True)
        if await self._try(cast("Awaitable[Any]", pause), nothing=True) is None:
            return False
        log.info("the Telegram budget is shared again")
        self._trouble = None
        return True

    async def _try(self, work: Awaitable[Any], *, nothing: Any = None) -> Any:
        """The answer, `nothing` where Redis answers None; None where it does not answer."""
        try:
            said = await work
        except RedisError as error:
            self._lost(error)
            return None
        return nothing if said is None else said

    def _lost(self, error: RedisError) -> None:
        now = self._clock()
        self._probe_at = now + PROBE_SECONDS
        if self._trouble is None:
            self._local.begin(now)
            log.warning("REDIS_URL: no shared Telegram budget, sending slowly", reason=type(error).__name__)
        self._trouble = f"REDIS_URL: Redis does not answer ({type(error).__name__}): messages go out slowly"

    async def _until(self, at: Seconds) -> None:
        """Sleep until the clock shows `at`."""
        if (wait := at - self._clock()) > 0:
            await asyncio.sleep(wait)


def _micro(seconds: Seconds) -> int:
    return round(seconds * MICRO)
