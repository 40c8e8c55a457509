"""Messages that are no longer true are edited, when no new one needs the place."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.outcome import Kind, Outcome
from bot.permits import Priority
from bot.services import Services
from models.alerts import AlertState
from models.queries import chats, strikes
from models.queries.alerts import Reason
from models.queries.strikes import Strike
from telemetry.logs import logger
from telemetry.metrics import ALERTS, STRIKES

log = logger(__name__)

SLOTS = 4  # edits under way at once, which may wait for their place as long as python-telegram-bot's limiter lets them
LEASE = timedelta(seconds=90)  # longer than that wait of 30 s and the call after it
PAUSE = timedelta(seconds=10)  # before the next try where Telegram did not answer

Edit = Callable[[Strike, Priority], Awaitable[Outcome]]


class Strikes:
    """`edit` hands one edit to Telegram and never raises a Telegram error. `done` is called after each."""

    def __init__(self, services: Services, edit: Edit, done: Callable[[], None]) -> None:
        self._services = services
        self._edit = edit
        self._done = done
        self._under_way: set[asyncio.Task[None]] = set()

    async def begin(self, resting: list[int], priority: Priority) -> bool:
        """Start the edits that are due, as many as there is room for; False when there was nothing to do."""
        room = SLOTS - len(self._under_way)
        if room <= 0:
            return False
        now = self._services.now()
        due = await self._services.query(lambda session: strikes.claim(session, now, LEASE, room, resting))
        for strike in due:
            task = asyncio.create_task(self._strike(strike, priority))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return bool(due)

    def stop(self) -> None:
        """Drop what is under way: an edit that is made twice changes nothing the second time."""
        for task in self._under_way:
            task.cancel()

    async def _strike(self, strike: Strike, priority: Priority) -> None:
        outcome = await self._edit(strike, priority)
        STRIKES.labels(outcome.kind).inc()
        now = self._services.now()
        ended = await self._services.query(lambda session: _write(session, strike, outcome, now))
        if outcome.kind is Kind.BLOCKED:
            ALERTS.labels(AlertState.FAILED, Reason.BLOCKED).inc(ended)
        if outcome.kind is Kind.MIGRATED:
            ALERTS.labels(AlertState.SUPPRESSED, Reason.MERGED).inc(ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception():
            log.warning("a message could not be struck out, it is tried again", reason=repr(task.exception()))
        self._done()


def _write(session: Session, strike: Strike, outcome: Outcome, now: datetime) -> int:
    """What follows from the outcome, in one transaction; how many alerts of the chat ended with it."""
    match outcome.kind:
        case Kind.SENT:
            strikes.settle(session, strike, now)
        case Kind.REFUSED:  # too old to be edited, deleted by its reader, or of a chat that was left behind
            strikes.settle(session, strike, None)
        case Kind.BLOCKED:
            strikes.settle(session, strike, None)
            return chats.mark_blocked(session, strike.chat_id, outcome.text, now)
        case Kind.MIGRATED:
            strikes.again(session, strike, now)
            return chats.migrate(session, strike.chat_id, outcome.number, now)
        case _:
            wait = timedelta(seconds=outcome.seconds) if outcome.kind is Kind.WAIT else PAUSE
            strikes.again(session, strike, now + wait)
    return 0
