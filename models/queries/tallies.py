"""How many of the last deals a chat's filters take: what a change of them means."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.filters import FilterRow
from models.opportunities import OpportunityRow
from models.queries.matching import of_rows, predicate


@dataclass(frozen=True, slots=True)
class Tally:
    """Of `opened` deals of a game, `fit` ones that the chat's filter of now takes."""

    fit: int = 0
    opened: int = 0


def tally(session: Session, chat_id: int, since: datetime) -> dict[str, Tally]:
    """By game, for the games of which a deal opened since then; ages of listings are those when a deal opened."""
    row = OpportunityRow
    met = and_(*predicate(FilterRow, of_rows(row.opened_at)).values())
    deals = (
        select(row.game, func.count().filter(met), func.count())
        .join(FilterRow, FilterRow.game == row.game)
        .where(FilterRow.chat_id == chat_id, row.opened_at >= since)
        .group_by(row.game)
    )
    return {game: Tally(fit, opened) for game, fit, opened in session.execute(deals)}
