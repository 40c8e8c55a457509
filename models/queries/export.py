"""/export: everything that is stored about a private chat and the person in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.orm import Session

from models.base import Table as Models
from models.queries.personal import EXPORTED_DAYS, MOST_ALERTS, PERSONAL, THROUGH

Rows = list[dict[str, Any]]


def everything(session: Session, chat_id: int, now: datetime) -> dict[str, Any]:
    """By table the rows that name the chat, as columns with values; alerts and their feedback of the last 90 days.

    Of more than 50,000 alerts the newest, with the number of those that are left out. A private chat has the number
    of its person, so this finds both. What belongs to others is not in it.
    """
    since = now - timedelta(days=EXPORTED_DAYS)
    found: dict[str, Any] = {name: _rows(session, name, chat_id, since) for name in sorted(_named())}
    for (table, column), (through, _) in THROUGH.items():
        found[table] = _by_way_of(session, table, column, [row["id"] for row in found[through]])
    total = _number_of_alerts(session, chat_id, since)
    return {
        "exported_at": now,
        "chat_id": chat_id,
        "alerts_since": since,
        "alerts_left_out": total - len(found["alerts"]),
        **found,
    }


def _named() -> set[str]:
    return {table for table, _ in PERSONAL}


def _table(name: str) -> Table:
    return Models.metadata.tables[name]


def _own(name: str, chat_id: int, since: datetime) -> Iterator[ColumnElement[bool]]:
    """The conditions of a row that is theirs."""
    table = _table(name)
    yield or_(*(table.c[column] == chat_id for own, column in PERSONAL if own == name))
    if name == "alerts":
        yield table.c.created_at >= since


def _rows(session: Session, name: str, chat_id: int, since: datetime) -> Rows:
    table = _table(name)
    rows = select(table).where(*_own(name, chat_id, since)).order_by(*table.primary_key.columns)
    if name == "alerts":
        rows = select(table).where(*_own(name, chat_id, since)).order_by(table.c.id.desc()).limit(MOST_ALERTS)
    return [_told(dict(row), chat_id) for row in session.execute(rows).mappings()]


def _told(row: dict[str, Any], chat_id: int) -> dict[str, Any]:
    """A row without what names somebody else: who banned them, whose group it is that they subscribed."""
    others = ("banned_by", "granted_by", "paused_by")
    return {column: value for column, value in row.items() if column not in others or value == chat_id}


def _by_way_of(session: Session, name: str, column: str, ids: list[int]) -> Rows:
    table = _table(name)
    rows = select(table).where(table.c[column].in_(ids)).order_by(table.c[column])
    return [dict(row) for row in session.execute(rows).mappings()]


def _number_of_alerts(session: Session, chat_id: int, since: datetime) -> int:
    table = _table("alerts")
    return session.scalar(select(func.count()).select_from(table).where(*_own("alerts", chat_id, since))) or 0
