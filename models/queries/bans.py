"""Who is not answered and not told: banned, and let in again."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.chats import Chat
from models.queries import audit, chats, roles
from models.queries.audit import Action
from models.roles import Ban


def ban(session: Session, user_id: int, *, by: int, owners: frozenset[int], now: datetime) -> int | None:
    """Stop answering somebody, and stop every chat that they subscribed; how many alerts that ended.

    None where nothing changed: banned already, or somebody with a role, which has to be taken first.
    """
    if roles.standing(session, user_id, owners).role is not None:
        return None
    row = insert(Ban).values(user_id=user_id, reason="", banned_by=by, banned_at=now).on_conflict_do_nothing()
    if session.scalar(row.returning(Ban.user_id)) is None:
        return None
    theirs = select(Chat.id).where(or_(Chat.id == user_id, Chat.owner_id == user_id)).order_by(Chat.id)
    stopped = [chats.stop(session, chat_id, now) for chat_id in session.scalars(theirs).all()]
    ended = sum(number or 0 for number in stopped)
    number = sum(one is not None for one in stopped)
    audit.write(session, by, Action.BAN, user_id, now, chats=number, alerts=ended)
    return ended


def unban(session: Session, user_id: int, *, by: int, now: datetime) -> bool:
    """Answer somebody again; their chats stay stopped until /start. False where they were not banned."""
    if session.scalar(delete(Ban).where(Ban.user_id == user_id).returning(Ban.user_id)) is None:
        return False
    audit.write(session, by, Action.UNBAN, user_id, now)
    return True
