"""Who is subscribed, and who is told about an opportunity."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from domain.filters import Filter
from domain.games import GAMES
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.queries import arrivals, filters, watches
from models.queries.alerts import LIVE, WAITING, Reason
from models.queries.handover import end_pending


def subscribe(session: Session, chat_id: int, kind: str, defaults: Filter, now: datetime) -> bool:
    """Make a chat active; False when it was. One that comes back keeps its filters, a new one gets `defaults` each.

    To be called before anything else is locked (models/queries/arrivals.py).
    """
    arrivals.coming_in(session)
    chat = insert(Chat).values(
        id=chat_id,
        kind=kind,
        state=ChatState.ACTIVE.value,
        created_at=now,
        changed_at=now,
    )
    active = chat.on_conflict_do_update(
        index_elements=[Chat.id],
        set_={"state": ChatState.ACTIVE.value, "kind": kind, "changed_at": now, "left_at": None},
        where=Chat.state != ChatState.ACTIVE,
    )
    if session.scalar(active.returning(Chat.id)) is None:
        return False
    filters.add(session, chat_id, dict.fromkeys(GAMES, defaults))
    filters.set_active(session, chat_id, active=True)
    watches.look_again(session, chat_id, now)
    return True


def stop(session: Session, chat_id: int, now: datetime) -> int | None:
    """Stop a chat and what it waits for: how many alerts that ended, None when it was not active."""
    if not _leave(session, chat_id, ChatState.STOPPED, now):
        return None
    return end_pending(session, chat_id, AlertState.SUPPRESSED, Reason.STOPPED, now=now)


def mark_blocked(session: Session, chat_id: int, reason: str, now: datetime) -> int:
    """Note that a chat cannot be reached, in Telegram's words; how many alerts that ended."""
    _leave(session, chat_id, ChatState.BLOCKED, now)
    return end_pending(session, chat_id, AlertState.FAILED, Reason.BLOCKED, now=now, detail=reason)


def _leave(session: Session, chat_id: int, state: ChatState, now: datetime) -> bool:
    chat = update(Chat).where(Chat.id == chat_id, Chat.state == ChatState.ACTIVE)
    if session.scalar(chat.values(state=state.value, changed_at=now, left_at=now).returning(Chat.id)) is None:
        return False
    filters.set_active(session, chat_id, active=False)
    return True


def migrate(session: Session, old_id: int, new_id: int, now: datetime) -> int:
    """A group became a supergroup: its subscription, watches and alerts follow; how many alerts ended as doubles.

    Where the new chat is known already, what was last said there about being told stands, and the alerts
    that it does not have yet come to it.
    """
    if session.scalar(select(Chat.id).where(Chat.id == new_id).with_for_update()) is None:
        chat = update(Chat).where(Chat.id == old_id)
        session.execute(chat.values(id=new_id, kind="supergroup", changed_at=now))
        return 0
    known = aliased(Alert)
    has_it = select(known.id).where(known.chat_id == new_id, known.key == Alert.key)
    session.execute(update(Alert).where(Alert.chat_id == old_id, ~has_it.exists()).values(chat_id=new_id))
    watches.follow(session, old_id, new_id)
    _leave(session, old_id, ChatState.BLOCKED, now)
    doubles = update(Alert).where(Alert.chat_id == old_id, Alert.state.in_({*LIVE, *WAITING}))
    ended = doubles.values(
        state=AlertState.SUPPRESSED.value, reason=Reason.MERGED.value, finished_at=now, lease_until=None
    )
    return len(session.execute(ended.returning(Alert.id)).all())


def is_active(session: Session, chat_id: int) -> bool:
    return session.scalar(select(Chat.state).where(Chat.id == chat_id)) == ChatState.ACTIVE
