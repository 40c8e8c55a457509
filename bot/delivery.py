"""The delivery loop: claims alerts, hands each to Telegram once, records what became of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import random
from time import monotonic

from sqlalchemy.orm import Session

from bot.outcome import Outcome
from bot.pacing import Pacing, Seconds
from bot.record import Recorder
from bot.services import DATABASE_AWAY, Services, reason
from domain.backoff import delay
from models.alerts import AlertState
from models.queries import alerts, claims
from models.queries.alerts import ClaimedAlert, Reason
from models.queries.claims import Claim
from telemetry.logs import logger
from telemetry.metrics import ALERTS, TELEGRAM_CALLS

log = logger(__name__)

SLOTS = 8  # messages under way at once
POLL_SECONDS = 2.0  # between two looks at the outbox that nobody asked for
LEASE = timedelta(seconds=30)  # longer than a message can be under way: Telegram's time-outs add up to 23 s
GRACE_SECONDS = 7.0
FIRST, MOST = timedelta(milliseconds=500), timedelta(seconds=5)  # between tries while the database is away

Send = Callable[[ClaimedAlert], Awaitable[Outcome]]


class Delivery:
    """`run` goes on until `stop`. `send` hands one alert to Telegram and never raises a Telegram error."""

    def __init__(self, services: Services, send: Send, pacing: Pacing, on_bad_token: Callable[[], None]) -> None:
        self._services = services
        self._send = send
        self._pacing = pacing
        self._recorder = Recorder(services, pacing, on_bad_token)
        self._woken = asyncio.Event()
        self._stopping = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._swept_at: Seconds = 0

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def stop(self) -> None:
        """Hand nothing over any more; `run` then ends."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Deliver until stopped, then wait for what is under way, at most GRACE_SECONDS.

        What has not ended by then is sent once more when its lease ends.
        """
        failures = 0
        while not self._stopping:
            self._woken.clear()
            try:
                worked = await self._round()
                failures = 0
            except DATABASE_AWAY as error:
                failures += 1
                log.warning("the outbox cannot be read, trying again", reason=reason(error), attempt=failures)
                await asyncio.sleep(delay(failures, first=FIRST, most=MOST, jitter=random()).total_seconds())  # noqa: S311  # spreads tries, keeps no secret
                continue
            if not worked:
                await self._rest()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()

    async def _rest(self) -> None:
        """Until woken, until the pacing allows more, or until it is time to poll."""
        held = self._pacing.wait(monotonic())
        seconds = POLL_SECONDS if held is None else min(held, POLL_SECONDS)
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return

    async def _round(self) -> bool:
        """One look at the outbox; False when there was nothing to do."""
        await self._sweep()
        now = monotonic()
        room = min(SLOTS - len(self._under_way), self._pacing.room(now))
        if room <= 0:
            return False
        found = await self._services.query(self._claim(room, self._pacing.resting(now)))
        _count(found.endings)
        for alert in found.alerts:
            self._pacing.record(alert.chat_id, monotonic(), group=alert.chat_kind != "private")
            task = asyncio.create_task(self._deliver(alert))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return bool(found.alerts or found.endings)

    def _claim(self, room: int, resting: list[int]) -> Callable[[Session], Claim]:
        now = self._services.now()
        return lambda session: claims.claim(session, now, LEASE, room, resting)

    async def _sweep(self) -> None:
        """End what is too old, also while nothing may be sent."""
        if monotonic() - self._swept_at < POLL_SECONDS:
            return
        self._swept_at = monotonic()
        now = self._services.now()
        expired = await self._services.query(lambda session: alerts.expire_due(session, now))
        ALERTS.labels(AlertState.EXPIRED, Reason.TOO_LATE).inc(expired)

    async def _deliver(self, alert: ClaimedAlert) -> None:
        if self._stopping:
            await self._services.query(lambda session: alerts.release(session, alert))
            return
        now = self._services.now()
        own = await self._services.query(lambda session: alerts.mark_sending(session, alert, now, LEASE))
        if own is None:
            return
        outcome = await self._send(own)
        TELEGRAM_CALLS.labels(outcome.kind).inc()
        await self._recorder.record(own, outcome)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception():
            # Its lease brings the alert back: pending ones are sent then, handed-over ones once more.
            log.error("an alert's delivery broke off", reason=repr(task.exception()))
        self.wake()


def _count(endings: Counter[tuple[AlertState, Reason]]) -> None:
    for (state, why), number in endings.items():
        ALERTS.labels(state, why).inc(number)
