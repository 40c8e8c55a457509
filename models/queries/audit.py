"""The audit log: written in the transaction of what it tells, read page by page."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import AuditRow

By = int | str  # a Telegram user's number, or who acts from a shell, such as cli:root
SHELL = 0  # stands where a number must: no Telegram user has it


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
    ADD_KEYS = "add_keys"
    REMOVE_KEYS = "remove_keys"
    REST_KEYS = "rest_keys"
    USE_KEYS = "use_keys"
    CHECK_KEYS = "check_keys"
    ROTATE_KEYS = "rotate_keys"
    SCAN = "scan_game"
    CATALOGUE = "read_catalogue"
    VERIFY = "verify_title"
    REPLAY = "replay_alerts"


def write(session: Session, by: By, action: Action, subject: object, now: datetime, **detail: str | int | None) -> None:
    """Note who did what to whom. `detail` must hold nothing secret: viewers read it."""
    actor = by if isinstance(by, str) else None
    row = AuditRow(at=now, user_id=number(by), actor=actor, action=action.value, subject=str(subject), detail=detail)
    session.add(row)


def number(by: By) -> int:
    """What a column for a Telegram user holds."""
    return SHELL if isinstance(by, str) else by


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def read(session: Session, first: int, number: int) -> Sequence[AuditRow]:
    """Rows from the place `first` on (0: the newest), newest first."""
    return session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).offset(first).limit(number)).all()
