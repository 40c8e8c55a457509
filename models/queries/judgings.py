"""When all titles of a group were last looked at for nomination: changes alone do not tell of new fees and rules."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

AGAIN = timedelta(minutes=10)


def due(session: Session, group_id: int | None, now: datetime) -> bool:
    """Whether every title is to be looked at: never done, too long ago, or the game's fees were read since.

    Titles without a group (of a scan of one level) always are.
    """
    return group_id is None or bool(session.scalar(_DUE, {"group": group_id, "before": now - AGAIN}))


def record(session: Session, group_id: int | None, now: datetime) -> None:
    """Note that every title of a group was looked at."""
    session.execute(text("UPDATE item_groups SET judged_at = :now WHERE id = :group"), {"group": group_id, "now": now})


_DUE = text(
    """
    SELECT g.judged_at IS NULL OR g.judged_at < :before OR g.judged_at <= f.observed_at
    FROM item_groups g LEFT JOIN game_fees f ON f.game = g.game WHERE g.id = :group
    """
)
