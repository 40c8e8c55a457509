"""Ringing again for work that a lost message, a dead worker or a failed read left behind."""

from celery import shared_task

from models.queries import batches, catalogue, nominees, scans
from tasks.base import Work, ring
from tasks.queues import TaskName
from tasks.services import services
from telemetry.logs import logger
from telemetry.metrics import REQUEUED, SCANS

log = logger(__name__)


@shared_task(name=TaskName.REAP_WORK.value, base=Work)
def reap_work() -> None:
    """End runs whose time is over; ring for batches, nominees and walks that nobody works on."""
    work = services()
    now = work.now()
    with work.database.transaction() as session:
        expired = scans.expire_runs(session, now)
        silent = batches.silent(session, now)
        waiting = nominees.silent(session, now)
        stalled = catalogue.stalled_walks(session, now)
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
