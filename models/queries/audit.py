"""The audit log: written in the transaction of what it tells, read page by page."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import AuditRow


class Action(StrEnum):
    PAUSE = "pause_game"
    RESUME = "resume_game"
    GRANT = "grant_role"
    REVOKE = "revoke_role"
    BAN = "ban"
    UNBAN = "unban"
    LIFT = "lift_limits"
    BROADCAST = "broadcast"
    CANCEL = "cancel_broadcast"


def write(
    session: Session, user_id: int, action: Action, subject: object, now: datetime, **detail: str | int | None
) -> None:
    """Note who did what to whom. `detail` must hold nothing secret: viewers read it."""
    session.add(AuditRow(at=now, user_id=user_id, action=action.value, subject=str(subject), detail=detail))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def read(session: Session, first: int, number: int) -> Sequence[AuditRow]:
    """Rows from the place `first` on (0: the newest), newest first."""
    return session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).offset(first).limit(number)).all()
