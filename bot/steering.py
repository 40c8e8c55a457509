"""Rounds of the timer that serve the operators: broadcasts step by step, reports once a day."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from domain.kinds import Kind
from domain.quiet import place_of
from models.alerts import AlertState
from models.queries import alerts, broadcasts, report
from models.queries.alerts import Reason
from telemetry.metrics import ALERTS

BROADCAST_SECONDS, REPORT_SECONDS = 1.0, 30.0  # between two looks where nothing is left to do
REPORT_AT = time(9)  # on the clock of the admin's chat
REPORT_WITHIN = timedelta(hours=3)  # for which a report is written late, where no bot ran at nine
WORTH_TELLING = timedelta(hours=12)


def broadcast(session: Session, now: datetime) -> bool:
    """Take one step with a broadcast; whether there may be another."""
    step = broadcasts.work(session, now)
    ALERTS.labels(AlertState.SUPPRESSED, Reason.CANCELLED).inc(step.ended)
    return step.more


def reports(owners: frozenset[int]) -> Callable[[Session, datetime], bool]:
    """A round that writes the daily report to everybody with a role whose nine o'clock has passed."""

    def write(session: Session, now: datetime) -> bool:
        for chat in report.readers(session, owners):
            begin, end = last_day(now, chat.zone)
            key = end.date().isoformat()
            if not end <= now < end + REPORT_WITHIN or chat.created_at >= end:
                continue
            if report.written(session, chat.id, key):
                continue
            payload = report.collect(session, begin, end, chat.zone).model_dump(mode="json")
            if alerts.owe(session, chat.id, Kind.REPORT, key, payload, now=now, expires_at=end + WORTH_TELLING):
                alerts.notify(session)
        return False

    return write


def last_day(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """From nine o'clock to nine o'clock, the last one of this day, on the clock of the zone."""
    place = place_of(zone)
    today = now.astimezone(place).date()
    begin, end = (datetime.combine(day, REPORT_AT, place) for day in (today - timedelta(days=1), today))
    return begin, end
