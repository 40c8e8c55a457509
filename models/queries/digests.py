"""Digests: which chats are due, what stands in theirs, and when the next one is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.quiet import place_of
from domain.windows import Every, Grouping, Window, latest, next_due
from models.chats import Chat, ChatState


@dataclass(frozen=True, slots=True)
class Due:
    """A digest whose turn has come: held by this transaction. `until` is when the one after it is due.

    `zone` is one that is known here, whatever the chat's row says.
    """

    chat_id: int
    language: str
    zone: str
    every: Every
    grouping: Grouping
    least: int
    window: Window
    until: datetime


def arrange(session: Session, chat_id: int, now: datetime) -> None:
    """Find out when a chat's next digest is due: to be called where its rhythm or its zone was changed."""
    chat = select(Chat.digest, Chat.zone).where(Chat.id == chat_id).with_for_update(key_share=True)
    row = session.execute(chat).one_or_none()
    if row:
        _set_due(session, chat_id, next_due(_every(row.digest), place_of(row.zone), now))


def claim(session: Session, now: datetime, limit: int) -> tuple[list[Due], int]:
    """Up to `limit` chats whose digest is due, the longest due first: those to write, and how many there were.

    Each is moved on to its next window in this transaction, which must write the digest too: any number of bots may
    claim, and one that breaks off leaves all as it was. Of several windows that were missed only the newest counts.
    A chat that is not told of anything is moved on only.
    """
    rows = session.execute(
        select(Chat.id, Chat.state, Chat.language, Chat.zone, Chat.digest, Chat.digest_group, Chat.digest_least)
        .where(Chat.digest_due_at <= now)
        .order_by(Chat.digest_due_at, Chat.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    due = []
    for row in rows:
        every, place = _every(row.digest), place_of(row.zone)
        until = next_due(every, place, now)
        _set_due(session, row.id, until)
        if until and row.state == ChatState.ACTIVE:
            window, grouping = latest(every, place, now), _grouping(row.digest_group)
            due.append(Due(row.id, row.language, place.key, every, grouping, row.digest_least, window, until))
    return due, len(rows)


def _every(stored: str) -> Every:
    """Off for a rhythm that this version does not know: one row must not stop the others."""
    return Every(stored) if stored in set(Every) else Every.OFF


def _grouping(stored: str) -> Grouping:
    return Grouping(stored) if stored in set(Grouping) else Grouping.GAME


def _set_due(session: Session, chat_id: int, at: datetime | None) -> None:
    session.execute(update(Chat).where(Chat.id == chat_id).values(digest_due_at=at))
