"""Messages that wait for the end of a pause: put off, and let go again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from domain.turns import turn_at
from models.alerts import Alert, AlertState

MOST = 1000  # let go at once, so that a morning with many summaries holds no lock for long


class Held(NamedTuple):
    """A row that waits, and until when."""

    id: int
    priority: int
    until: datetime


def hold(session: Session, rows: Sequence[Held]) -> int:
    """Put rows off; how many. Their turn counts from then on: they do not stand before all that came meanwhile."""
    for row in rows:
        later = update(Alert).where(Alert.id == row.id)
        session.execute(
            later.values(
                state=AlertState.HELD.value,
                lease_until=null(),
                next_attempt_at=row.until,
                turn_at=turn_at(row.until, row.priority),
            )
        )
    return len(rows)


def let_go(session: Session, now: datetime) -> int:
    """Make the rows pending whose pause has ended, at most MOST, those that waited longest first; how many."""
    ripe = (
        select(Alert.id)
        .where(Alert.state == AlertState.HELD, Alert.next_attempt_at <= now)
        .order_by(Alert.next_attempt_at)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    rows = update(Alert).where(Alert.id.in_(ripe.scalar_subquery()), Alert.state == AlertState.HELD)
    return len(session.execute(rows.values(state=AlertState.PENDING.value).returning(Alert.id)).all())


def look_again(session: Session, chat_id: int, now: datetime) -> int:
    """What a chat's pause holds is due now, because the chat changed its pauses; how many. Where one goes on, it holds
    them anew.
    """
    rows = update(Alert).where(Alert.chat_id == chat_id, Alert.state == AlertState.HELD)
    return len(session.execute(rows.values(next_attempt_at=now).returning(Alert.id)).all())
