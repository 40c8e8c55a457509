"""The delivery loop: claims messages, hands each to Telegram once, records what became of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import random
from time import monotonic

from sqlalchemy.orm import Session

from bot.outcome import Outcome
from bot.pacing import Pacing
from bot.permits import Later, Permit, Priority, Seconds
from bot.record import Recorder
from bot.services import DATABASE_AWAY, Services, reason
from bot.strikes import Edit, Strikes
from domain.backoff import delay
from domain.turns import Lane, lanes
from models.alerts import AlertState
from models.queries import claims, handover, holding
from models.queries.alerts import ClaimedAlert, Reason
from models.queries.claims import Claim
from telemetry.logs import logger
from telemetry.metrics import ALERTS, TELEGRAM_CALLS

log = logger(__name__)

# Messages under way at once. Telegram takes 30 a second (core.telegram.org/bots/faq) and may answer after a whole one:
# 30/s x (1 s + LEAD_SECONDS + 0.1 s for the rows) = 37.5 are under way where none waits for a slot. Each takes one of
# the 64 connections of bot/app.py.
SLOTS = 40
FILL = 5  # alerts claimed together while others are under way: one look at the outbox for each would cost more
LEAST_REST_SECONDS = 0.02  # seconds between two looks at the pace
PATIENCE_SECONDS = 5.0  # seconds that a claimed alert waits for its permit
LEAD_SECONDS = 0.15  # seconds before its time a message is marked as handed over
POLL_SECONDS = 2.0  # between two looks at the outbox that nobody asked for
LEASE = timedelta(seconds=30)  # longer than a message can be under way: Telegram's time-outs add up to 23 s
GRACE_SECONDS = 7.0
FIRST, MOST = timedelta(milliseconds=500), timedelta(seconds=5)  # between tries while the database is away

Send = Callable[[ClaimedAlert, Permit], Awaitable[Outcome]]


class Delivery:
    """`run` goes on until `stop`. `send` and `edit` hand one message to Telegram and never raise a Telegram error."""

    def __init__(
        self, services: Services, send: Send, edit: Edit, pacing: Pacing, on_bad_token: Callable[[], None]
    ) -> None:
        self._services = services
        self._send = send
        self._pacing = pacing
        self._strikes = Strikes(services, edit, self.wake)
        self._recorder = Recorder(services, on_bad_token)
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
                rest = await self._round()
                failures = 0
            except DATABASE_AWAY as error:
                failures += 1
                log.warning("the outbox cannot be read, trying again", reason=reason(error), attempt=failures)
                await asyncio.sleep(delay(failures, first=FIRST, most=MOST, jitter=random()).total_seconds())  # noqa: S311  # spreads tries, keeps no secret
                continue
            await self._rest(rest)
        self._strikes.stop()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()

    async def _rest(self, seconds: Seconds) -> None:
        """Until woken, or for so long."""
        try:
            await asyncio.wait_for(self._woken.wait(), min(seconds, POLL_SECONDS))
        except TimeoutError:
            return

    async def _round(self) -> Seconds:
        """One look at the outbox; the seconds after which the next one may find something."""
        await self._sweep()
        look = await self._pacing.look()
        struck = False
        if lanes(self._services.now())[0] is Lane.EDITS:
            struck = await self._strikes.begin(look.resting, Priority.ALERT)
        wanted = FILL if self._under_way else 1
        if look.room < wanted:
            return max(look.until(wanted), LEAST_REST_SECONDS)
        room = min(SLOTS - len(self._under_way), look.room)
        if room <= 0:
            return POLL_SECONDS
        found = await self._services.query(self._claim(room, look.resting))
        _count(found.endings)
        for alert in found.alerts:
            task = asyncio.create_task(self._deliver(alert))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        struck = struck or (not found.alerts and await self._strikes.begin(look.resting, Priority.EDIT))
        if found.alerts or found.endings or struck:
            return LEAST_REST_SECONDS
        return POLL_SECONDS if look.free is None else max(look.free, LEAST_REST_SECONDS)

    def _claim(self, room: int, resting: list[int]) -> Callable[[Session], Claim]:
        now = self._services.now()
        return lambda session: claims.claim(session, now, LEASE, room, resting)

    async def _sweep(self) -> None:
        """End what is too old and let go what a pause has held, also while nothing may be sent."""
        if monotonic() - self._swept_at < POLL_SECONDS:
            return
        self._swept_at = monotonic()
        now = self._services.now()
        expired = await self._services.query(lambda session: handover.expire_due(session, now))
        ALERTS.labels(AlertState.EXPIRED, Reason.TOO_LATE).inc(expired)
        await self._services.query(lambda session: holding.let_go(session, now))

    async def _deliver(self, alert: ClaimedAlert) -> None:
        permit = await self._pacing.turn(alert.chat_id, Priority.ALERT, PATIENCE_SECONDS)
        if isinstance(permit, Permit):
            await asyncio.sleep(permit.at - LEAD_SECONDS - monotonic())
        if isinstance(permit, Later) or self._stopping:
            await self._services.query(lambda session: handover.release(session, alert))
            return
        now = self._services.now()
        own = await self._services.query(lambda session: handover.mark_sending(session, alert, now, LEASE))
        if own is None:
            return
        outcome = await self._send(own, permit)
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
