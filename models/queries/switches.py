"""Games paused and resumed by the operators."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.queries import audit
from models.queries.audit import Action, By
from models.switches import GamePause


def paused(session: Session, game: str) -> bool:
    return session.scalar(select(GamePause.game).where(GamePause.game == game)) is not None


def all_paused(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(GamePause.game)))


def pause(session: Session, game: str, by: By, now: datetime) -> bool:
    """From now on no scan of the game begins; False where it was paused already."""
    row = insert(GamePause).values(game=game, paused_by=audit.number(by), paused_at=now).on_conflict_do_nothing()
    if session.scalar(row.returning(GamePause.game)) is None:
        return False
    audit.write(session, by, Action.PAUSE, game, now)
    return True


def resume(session: Session, game: str, by: By, now: datetime) -> bool:
    """Let scans of the game begin again; False where it was not paused."""
    row = delete(GamePause).where(GamePause.game == game)
    if session.scalar(row.returning(GamePause.game)) is None:
        return False
    audit.write(session, by, Action.RESUME, game, now)
    return True
