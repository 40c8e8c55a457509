"""Reading the exchange's fee lists."""

from celery import shared_task

from models.queries import fees
from tasks.base import Work
from tasks.queues import TaskName
from tasks.scan import checked_game
from tasks.services import services
from telemetry.logs import logger

log = logger(__name__)


@shared_task(name=TaskName.REFRESH_FEES.value, base=Work, bind=True)
def refresh_fees(self: Work, game: str) -> None:
    """Replace a game's fee list by today's; a failed read keeps the old one with its age."""
    work = services()
    chosen = checked_game(game)
    listed = work.exchange.fees(chosen, deadline=self.deadline())
    with work.database.transaction() as session:
        fees.store(session, game, listed, work.now())
    log.info("fees read", game=game, default_bps=listed.default.bps, reduced=len(listed.reduced))
