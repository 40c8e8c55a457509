"""Ringing again for work that a lost message, a dead worker or a failed read left behind."""

from datetime import datetime, timedelta

from celery import shared_task
from sqlalchemy.orm import Session

from domain.games import GAMES
from models.queries import batches, catalogue, nominees, opportunities, scans
from tasks.base import Work, ring
from tasks.queues import TaskName
from tasks.services import Services, services
from telemetry.logs import logger
from telemetry.metrics import REQUEUED, SCANS

log = logger(__name__)

UNCONFIRMED_AFTER = timedelta(minutes=10)  # and never before so many scans were missed:
SCANS_MISSED = 3


@shared_task(name=TaskName.REAP_WORK.value, base=Work)
def reap_work() -> None:
    """End what nobody can finish or confirm; ring for batches, nominees and walks that nobody works on."""
    work = services()
    now = work.now()
    with work.database.transaction() as session:
        expired = scans.expire_runs(session, now)
        silent = batches.silent(session, now)
        waiting = nominees.silent(session, now)
        stalled = catalogue.stalled_walks(session, now)
        closed = sum(_close_unconfirmed(session, work, game, now) for game in GAMES)
    if closed:
        log.warning("opportunities ended that nothing confirmed any more", count=closed)
    for game in expired:
        SCANS.labels(game, "expired").inc()
        log.warning("scan ran out of time", game=game)
    for run_id, count in silent:
        REQUEUED.labels("batch").inc(count)
        ring(TaskName.FETCH_PRICES, times=count, expires=60, run_id=run_id)
    for game in stalled:
        REQUEUED.labels("walk").inc()
        ring(TaskName.REFRESH_CATALOGUE, expires=60, game=game)
    REQUEUED.labels("nominee").inc(waiting)
    ring(TaskName.VERIFY_ITEM, times=waiting, expires=60)


def _close_unconfirmed(session: Session, work: Services, game: str, now: datetime) -> int:
    interval = work.settings.scan_interval(game) or timedelta()
    return opportunities.close_unconfirmed(session, game, now - max(UNCONFIRMED_AFTER, SCANS_MISSED * interval), now)
