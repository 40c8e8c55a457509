"""Keeping the price history's partitions ahead of time and within its retention."""

from celery import shared_task

from models.queries import history
from tasks.base import Work
from tasks.queues import TaskName
from tasks.services import services
from telemetry.logs import logger

log = logger(__name__)

RUN_DAYS = 7  # scan runs tell operators about the last days, not more


@shared_task(name=TaskName.MAINTAIN_HISTORY.value, base=Work)
def maintain_history() -> None:
    """Make the next days' partitions, drop those past the retention, forget old scan runs."""
    work = services()
    now = work.now()
    with work.database.transaction() as session:
        made = history.make_partitions(session, now)
    with work.database.transaction() as session:
        dropped = history.drop_partitions(session, now, work.settings.history_days)
        runs = history.drop_old_runs(session, now, RUN_DAYS)
        batches = history.drop_spent_batches(session, now)
    log.info("history kept", made=made, dropped=dropped, runs=runs, batches=batches)
