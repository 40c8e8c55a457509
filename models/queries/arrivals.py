"""A deal that is decided while a chat comes in is told to it: either sees the other.

The chat looks at what is open, the verification at who is subscribed. In two transactions at once neither would see
the other, so one waits. Both take the lock before any row, or they could wait for each other.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

_LOCK = 0x534B4152  # any fixed number: "SKAR"


def telling(session: Session) -> None:
    """A deal is about to be told: any number at once."""
    session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


def coming_in(session: Session) -> None:
    """A chat is about to come in: waits for the transactions that are telling, and they for this one."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
