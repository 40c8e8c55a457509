"""A chat's filters, changed and read in one transaction with what they take of the last day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.asked import Asked
from bot.services import Services
from domain.filters import Filter, Wishes
from models.queries import filters
from models.queries.tallies import Tally, tally

DAY = timedelta(hours=24)
Change = Callable[[Filter], Filter]


@dataclass(frozen=True, slots=True)
class Standing:
    """By game the wishes and what they took of the last 24 hours."""

    wishes: Wishes
    tallies: Mapping[str, Tally]


async def read(services: Services, asked: Asked) -> Standing:
    return await _standing(services, asked, lambda session: filters.load(session, asked.chat_id))


async def change(services: Services, asked: Asked, make: Change, game: str | None = None) -> Standing:
    """Change the wishes for one game, or for each."""
    return await change_all(
        services, asked, lambda wishes: {key: make(one) for key, one in wishes.items() if game in {None, key}}
    )


async def change_all(services: Services, asked: Asked, make: Callable[[Wishes], Wishes]) -> Standing:
    """Change the wishes for the games that `make` names."""
    return await _standing(services, asked, lambda session: filters.change(session, asked.chat_id, make))


async def _standing(services: Services, asked: Asked, load: Callable[[Session], Wishes]) -> Standing:
    since = services.now() - DAY

    def work(session: Session) -> Standing:
        wishes = load(session)
        return Standing(wishes, tally(session, asked.chat_id, since))

    return await services.query(work)
