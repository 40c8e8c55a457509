"""Taking and giving back named leases."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.leases import Lease


def take(session: Session, name: str, now: datetime, length: timedelta) -> bool:
    """Hold `name` for `length` unless somebody else does."""
    row = insert(Lease).values(name=name, until=now + length)
    taken = session.execute(
        row.on_conflict_do_update(
            index_elements=[Lease.name], set_={"until": row.excluded.until}, where=Lease.until <= now
        ).returning(Lease.name)
    )
    return taken.first() is not None


def give_back(session: Session, name: str) -> None:
    session.execute(delete(Lease).where(Lease.name == name))
