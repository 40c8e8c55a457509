"""What grows with time: daily partitions of price history and ended scans. Made ahead, dropped when too old.

Tables belong to whoever migrates: functions of the database make and drop them (migrations/versions/0004), so that a
worker needs no right to create anything.
"""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

AHEAD = 3  # days for which partitions stand ready
SPENT = timedelta(hours=1)  # how long the batches of an ended run are kept
_PARTITION_LOCK = 0x534B5048  # any fixed number: two workers do not make the same partition


def partition_name(day: date) -> str:
    return f"price_history_{day:%Y%m%d}"


def make_partitions(session: Session, now: datetime) -> list[str]:
    """Make the partitions of today (UTC) and the next days that do not exist; returns their names."""
    today = now.astimezone(UTC).date()
    missing = _missing(session, [today + timedelta(days=ahead) for ahead in range(AHEAD + 1)])
    if missing:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PARTITION_LOCK})
        missing = _missing(session, missing)
    for day in missing:
        session.execute(text("SELECT make_history_partition(:day)"), {"day": day})
    return [partition_name(day) for day in missing]


def _missing(session: Session, days: list[date]) -> list[date]:
    """Asks pg_class, not to_regclass: that one may answer from a cache older than the lock."""
    names = [partition_name(day) for day in days]
    there = set(session.scalars(text("SELECT relname FROM pg_class WHERE relname = ANY(:names)"), {"names": names}))
    return [day for day, name in zip(days, names, strict=True) if name not in there]


def drop_partitions(session: Session, now: datetime, keep_days: int) -> list[str]:
    """Drop the partitions whose whole day is older than `keep_days`; returns their names."""
    oldest = now.astimezone(UTC).date() - timedelta(days=keep_days)
    names = session.scalars(text("SELECT * FROM drop_history_partitions(:oldest)"), {"oldest": oldest})
    return list(names)


def drop_spent_batches(session: Session, now: datetime) -> int:
    """Delete the batches of runs that ended an hour ago: the runs tell all, the batches are most of the bulk."""
    rows = session.execute(
        text(
            "DELETE FROM scan_batches b USING scan_runs r "
            "WHERE r.id = b.run_id AND r.finished_at < :before RETURNING b.id"
        ),
        {"before": now - SPENT},
    ).all()
    return len(rows)


def drop_old_runs(session: Session, now: datetime, keep_days: int) -> int:
    """Delete finished scan runs, and with them their batches, older than `keep_days`."""
    before = now - timedelta(days=keep_days)
    rows = session.execute(
        text("DELETE FROM scan_runs WHERE finished_at < :before RETURNING id"), {"before": before}
    ).all()
    return len(rows)
