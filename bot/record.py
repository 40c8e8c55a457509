"""Each outcome's consequence, written down: for the alert and for its chat."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from random import random

from sqlalchemy.orm import Session

from bot.outcome import Kind, Outcome
from bot.services import DATABASE_AWAY, Services
from domain.backoff import delay
from domain.kinds import DEALS
from models.alerts import AlertState
from models.queries import chats, handover
from models.queries.alerts import ClaimedAlert, Reason
from telemetry.logs import logger
from telemetry.metrics import ALERT_SECONDS, ALERTS

log = logger(__name__)

FIRST, MOST = timedelta(seconds=1), timedelta(seconds=30)  # between tries of one alert
RECORD_FIRST, RECORD_MOST = timedelta(milliseconds=200), timedelta(seconds=3)

Endings = list[tuple[AlertState, Reason, int]]


class Recorder:
    """Writes outcomes down. While the database is away it holds on to one until the alert's lease ends."""

    def __init__(self, services: Services, on_bad_token: Callable[[], None]) -> None:
        self._services = services
        self._on_bad_token = on_bad_token

    async def record(self, alert: ClaimedAlert, outcome: Outcome) -> None:
        now = self._services.now()
        if outcome.kind is Kind.WAIT:
            log.warning("Telegram asks to wait", seconds=outcome.seconds, kind=alert.chat_kind)
        if outcome.kind is Kind.UNKNOWN:
            log.warning("no answer from Telegram, the alert is sent once more", alert=alert.id, reason=outcome.text)
            return
        endings = await self._insist(alert, lambda session: _write(session, alert, outcome, now))
        log.info("alert", alert=alert.id, opportunity=alert.opportunity_id, kind=alert.kind, became=outcome.kind)
        for state, reason, number in endings:
            ALERTS.labels(state, reason).inc(number)
        if outcome.kind is Kind.SENT and alert.kind in DEALS:
            ALERT_SECONDS.observe((now - alert.created_at).total_seconds())
        if outcome.kind is Kind.TOKEN:
            self._on_bad_token()

    async def _insist(self, alert: ClaimedAlert, write: Callable[[Session], Endings]) -> Endings:
        """A message that was sent but not recorded would be sent again, so this tries as long as it matters."""
        attempt = 0
        while True:
            try:
                return await self._services.query(write)
            except DATABASE_AWAY:
                attempt += 1
                if self._services.now() >= alert.lease_until:
                    raise
                pause = delay(attempt, first=RECORD_FIRST, most=RECORD_MOST, jitter=random())  # noqa: S311  # spreads tries, keeps no secret
                await asyncio.sleep(pause.total_seconds())


def _write(session: Session, alert: ClaimedAlert, outcome: Outcome, now: datetime) -> Endings:
    """One transaction; the alerts that ended with it, for counting."""
    match outcome.kind:
        case Kind.SENT:
            reason = handover.mark_sent(session, alert, outcome.number, now)
            return [(AlertState.SENT, reason, 1)] if reason else []
        case Kind.BLOCKED:
            own = handover.finish(session, alert, AlertState.FAILED, Reason.BLOCKED, now=now, detail=outcome.text)
            others = chats.mark_blocked(session, alert.chat_id, outcome.text, now)
            return [(AlertState.FAILED, Reason.BLOCKED, own + others)]
        case Kind.REFUSED:
            own = handover.finish(session, alert, AlertState.FAILED, Reason.REFUSED, now=now, detail=outcome.text)
            return [(AlertState.FAILED, Reason.REFUSED, int(own))]
        case Kind.UNREADABLE:
            own = handover.finish(session, alert, AlertState.FAILED, Reason.UNREADABLE, now=now, detail=outcome.text)
            return [(AlertState.FAILED, Reason.UNREADABLE, int(own))]
        case Kind.MIGRATED:
            merged = chats.migrate(session, alert.chat_id, outcome.number, now)
            handover.retry_at(session, alert, now)
            return [(AlertState.SUPPRESSED, Reason.MERGED, merged)]
    handover.retry_at(session, alert, now + _pause(alert, outcome))
    return []


def _pause(alert: ClaimedAlert, outcome: Outcome) -> timedelta:
    if outcome.kind is Kind.WAIT:
        return timedelta(seconds=outcome.seconds)
    return delay(alert.attempts, first=FIRST, most=MOST, jitter=random())  # noqa: S311  # spreads tries, keeps no secret
