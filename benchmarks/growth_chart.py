"""The query that a chart of one title needs; nothing in production draws one yet.

A row is a change, so the course begins with the last change before the period.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


def course(session: Session, item_id: int, since: datetime) -> Sequence[Row[Any]]:
    """When the price of a title changed and to which bid and ask in cents (None: no such side), the oldest first."""
    return session.execute(COURSE, {"item": item_id, "since": since}).all()


COURSE = text(
    """
    (SELECT observed_at, bid, ask FROM price_history
     WHERE item_id = :item AND observed_at < :since ORDER BY observed_at DESC LIMIT 1)
    UNION ALL
    (SELECT observed_at, bid, ask FROM price_history
     WHERE item_id = :item AND observed_at >= :since ORDER BY observed_at)
    """
)
