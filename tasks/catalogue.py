"""Walking a game's titles."""

import time
from datetime import timedelta

from celery import shared_task

from dmarket import endpoints
from dmarket.errors import ExchangeError, Malformed
from domain.games import Game
from models.queries import catalogue
from models.queries.catalogue import Page, Walk
from tasks.base import Work, ring, senseless
from tasks.held import held
from tasks.queues import TaskName
from tasks.scan import checked_game
from tasks.services import Services, services
from telemetry.logs import logger

log = logger(__name__)

LEASE = timedelta(seconds=30)
PAUSE = timedelta(seconds=30)  # after a failed page
MOST_TITLES = 200_000  # far beyond any catalogue: a walk that goes on is going in circles
PAGE_SECONDS = 2.0  # a page is not begun with less time left


@shared_task(name=TaskName.REFRESH_CATALOGUE.value, base=Work, bind=True)
def refresh_catalogue(self: Work, game: str) -> None:
    """Walk on from the stored cursor until the end or the task's time; the next message resumes."""
    work = services()
    chosen = checked_game(game)
    with work.database.transaction() as session:
        walk = catalogue.begin_walk(session, game, work.now(), LEASE)
    if walk is None:
        return
    try:
        with held.hold(lambda: free(work, game)):
            done = walk_pages(work, chosen, walk, self.deadline())
    except ExchangeError as error:
        _pause(work, game, restart=error.permanent or isinstance(error, Malformed))
        raise
    if done:
        ring(TaskName.SCAN_GAME, expires=60, game=game, scheduled=True)
        return
    free(work, game)
    ring(TaskName.REFRESH_CATALOGUE, expires=60, game=game)


def free(work: Services, game: str) -> None:
    """Let the next worker go on from the stored cursor."""
    with work.database.transaction() as session:
        catalogue.free_walk(session, game)


def walk_pages(work: Services, game: Game, walk: Walk, deadline: float) -> bool:
    """Read pages until the walk ends (True) or time runs short (False); each page is stored at once.

    Raises Malformed for pages that repeat. The last page may be empty.
    """
    seen: set[str] = set()
    cursor = walk.cursor
    while time.monotonic() < deadline - PAGE_SECONDS and not held.ending.is_set():
        page = work.exchange.catalogue_page(game, cursor, deadline=deadline)
        titles = {price.title for price in page.prices}
        if (titles and titles <= seen) or walk.titles + len(seen) > MOST_TITLES:
            raise senseless(
                endpoints.AGGREGATED_PRICES, f"the catalogue walk came to nothing new after {len(seen)} titles"
            )
        seen |= titles
        now = work.now()
        with work.database.transaction() as session:
            new = catalogue.see_titles(session, game.key, list(titles), now)
            catalogue.advance_walk(session, walk, Page(page.next_cursor, len(titles)), now, LEASE)
        log.info("catalogue page", game=game.key, titles=len(titles), new=new)
        cursor = page.next_cursor
        if not cursor:
            return True
    return False


def _pause(work: Services, game: str, *, restart: bool) -> None:
    """Leave the walk to the reaper after a moment; from the beginning where its cursor cannot be trusted."""
    now = work.now()
    with work.database.transaction() as session:
        if restart:
            catalogue.restart_walk(session, game, now, now + PAUSE)
        else:
            catalogue.free_walk(session, game, now + PAUSE)
