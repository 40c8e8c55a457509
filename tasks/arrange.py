"""Seating a game's titles so that those worth most are read together and most often."""

from datetime import datetime, timedelta

from celery import shared_task

from domain.cadence import LEAST, worth
from domain.games import Game
from domain.seating import arrange
from models.items import GROUP_SIZE
from models.queries import features, groups, leases
from tasks.base import Work
from tasks.queues import TaskName
from tasks.scan import checked_game
from tasks.services import Services, services
from telemetry.logs import logger

LEASE = timedelta(seconds=60)

log = logger(__name__)


@shared_task(name=TaskName.ARRANGE_TITLES.value, base=Work)
def arrange_titles(game: str) -> None:
    """Put the titles of a game into groups by their worth; one run at a time for each game."""
    work = services()
    chosen, name = checked_game(game), f"{TaskName.ARRANGE_TITLES} {game}"
    with work.database.transaction() as session:
        if not leases.take(session, name, work.now(), LEASE):
            return
    try:
        moved = arrange_game(work, chosen, work.now())
    finally:
        with work.database.transaction() as session:
            leases.give_back(session, name)
    log.info("titles arranged", game=game, moved=moved)


def arrange_game(work: Services, game: Game, now: datetime) -> int:
    """How many titles were moved. What they are worth is read first: the locks are held only while they move."""
    with work.database.transaction() as session:
        fee = features.usual_fee(session, game)
        worths = {item_id: worth(title, fee) for item_id, title in features.of_game(session, game.key, now)}
    with work.database.transaction() as session:
        groups.lock_layout(session, game.key, change=True)
        groups.revive(session, game.key, now)
        layout = groups.layout(session, game.key, worths, now, LEAST)
        return groups.seat(session, layout, arrange(layout.seats, GROUP_SIZE), now)
