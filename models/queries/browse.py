"""What is open, game by game and level by level."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.opportunities import OpportunityRow, OpportunityState
from models.queries.overview import Ranked, proof_in

OPEN = OpportunityRow.state == OpportunityState.OPEN


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many deals are open, by game and level; what has none is left out."""
    row = OpportunityRow
    found = session.execute(select(row.game, row.level, func.count()).where(OPEN).group_by(row.game, row.level))
    return {(game, level): number for game, level, number in found}


def open_of(session: Session, game: str, level: str | None, limit: int) -> list[Ranked]:
    """The open deals of a game and a level, None for every, the best first; unreadable evidence is left out."""
    row = OpportunityRow
    deals = select(row.evidence, row.confirmed_at).where(OPEN, row.game == game)
    if level:
        deals = deals.where(row.level == level)
    found = session.execute(deals.order_by(row.cents_per_day.desc(), row.id).limit(limit))
    read = ((proof_in(stored), at) for stored, at in found)
    return [Ranked(proof, at) for proof, at in read if proof]
