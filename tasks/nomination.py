"""Putting titles whose aggregate promises something on the list for verification."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.games import Game
from domain.nomination import nominate
from domain.quotes import AggregatedPrice
from models.queries import nominees
from models.queries.nominees import Nominated
from tasks.services import Services
from telemetry.metrics import NOMINATIONS


def nominate_titles(
    session: Session, work: Services, game: Game, titles: Mapping[str, int], quotes: Mapping[str, AggregatedPrice]
) -> tuple[set[int], int]:
    """Queue those of the titles (with their item ids) that deserve verification.

    Returns the item ids of all that do, and how many of them were not queued before.
    """
    if not titles:
        return set(), 0
    now = work.now()
    known = nominees.known(session, game, titles, work.sales_since, now)
    chosen: list[Nominated] = []
    for title, item_id in titles.items():
        nomination = nominate(quotes[title], known[title], now)
        if nomination:
            NOMINATIONS.labels(game.key, nomination.reason).inc()
            chosen.append(Nominated(item_id, nomination, quotes[title]))
    added = nominees.add(session, chosen, now) if chosen else 0
    return {one.item_id for one in chosen}, added
