"""What /status and /top show: how fresh each game is, and the best of what is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.items import ItemGroup
from models.opportunities import OpportunityRow, OpportunityState
from models.proof import Proof
from models.queries import switches
from models.scans import RunState, ScanRun


@dataclass(frozen=True, slots=True)
class GameOverview:
    """How one game stands. `scanned_at` is the end of its last complete scan; `expired` says that the latest
    scan that ended did not get through. Prices were read between `oldest` and `newest`. While it is `paused` by the
    operators no scan begins.
    """

    scanned_at: datetime | None = None
    expired: bool = False
    titles: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    opportunities: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """An open opportunity and when it was last proven."""

    proof: Proof
    confirmed_at: datetime


def game(session: Session, key: str) -> GameOverview:
    """How the game stands; all empty for one that was never scanned."""
    latest = select(ScanRun.state).where(ScanRun.game == key, ScanRun.state != RunState.RUNNING)
    groups = select(
        func.coalesce(func.sum(ItemGroup.size), 0), func.min(ItemGroup.observed_at).filter(ItemGroup.worth > 0)
    )
    titles, oldest = session.execute(groups.where(ItemGroup.game == key)).one()
    return GameOverview(
        scanned_at=session.scalar(
            select(ScanRun.finished_at)
            .where(ScanRun.game == key, ScanRun.state == RunState.DONE)
            .order_by(ScanRun.planned_at.desc())
            .limit(1)
        ),
        expired=session.scalar(latest.order_by(ScanRun.planned_at.desc()).limit(1)) == RunState.EXPIRED,
        titles=titles,
        oldest=oldest,
        newest=session.scalar(select(func.max(ItemGroup.observed_at)).where(ItemGroup.game == key)),
        opportunities=session.scalar(
            select(func.count()).where(OpportunityRow.game == key, OpportunityRow.state == OpportunityState.OPEN)
        )
        or 0,
        paused=switches.paused(session, key),
    )


def newest_prices(session: Session) -> datetime | None:
    """When any group of any game was last read."""
    return session.scalar(select(func.max(ItemGroup.observed_at)))


def best(session: Session, limit: int) -> list[Ranked]:
    """Open opportunities by what they earn a day, best first; one whose evidence cannot be read is left out."""
    query = (
        select(OpportunityRow.evidence, OpportunityRow.confirmed_at)
        .where(OpportunityRow.state == OpportunityState.OPEN)
        .order_by(OpportunityRow.cents_per_day.desc(), OpportunityRow.id)
        .limit(limit)
    )
    read = ((proof_in(stored), at) for stored, at in session.execute(query))
    return [Ranked(proof, at) for proof, at in read if proof]


def proof_in(stored: dict[str, Any]) -> Proof | None:
    """The evidence of a stored opportunity, None where it does not fit this version of Proof."""
    try:
        return Proof.model_validate(stored)
    except ValidationError:
        return None
