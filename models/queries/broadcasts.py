"""Broadcasts: drafted, confirmed once, written to the outbox step by step, taken back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.kinds import Kind, Loudness
from models.alerts import Alert, AlertState
from models.broadcasts import Broadcast, BroadcastState
from models.chats import Chat, ChatState
from models.manners import Manner
from models.payloads import NoticeNews
from models.queries import alerts, audit
from models.queries.alerts import WAITING, Reason
from models.queries.audit import Action

OTHERS = ""  # the key of the text for languages that have none of their own
CONFIRMED_WITHIN = timedelta(minutes=10)  # of the last change of the draft
WORTH_TELLING = timedelta(hours=24)  # after the confirmation
CHATS = 1_000  # written for in one transaction, which takes a fraction of a second
ENDED = 1_000  # of a cancelled one in one transaction


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is; messages by where they stand."""

    id: int
    state: BroadcastState
    texts: Mapping[str, str]
    version: int
    recipients: int
    written: int
    sent: int
    waiting: int
    not_sent: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Whether another step may find something to do, and how many messages of a cancelled broadcast this one ended."""

    more: bool = False
    ended: int = 0


def draft(session: Session, author_id: int, text: str, now: datetime) -> int:
    """A new draft with a text for all languages; its id."""
    row = Broadcast(author_id=author_id, texts={OTHERS: text}, state=BroadcastState.DRAFT.value, changed_at=now)
    session.add(row)
    session.flush()
    return row.id


def word(session: Session, broadcast_id: int, author_id: int, wording: tuple[str, str], now: datetime) -> bool:
    """Set a draft's (language, text); False where there is no such draft of this author."""
    language, text = wording
    row = session.get(Broadcast, broadcast_id, with_for_update=True)
    if row is None or row.author_id != author_id or row.state != BroadcastState.DRAFT:
        return False
    row.texts = row.texts | {language: text}
    row.version, row.changed_at = row.version + 1, now
    return True


def confirm(session: Session, broadcast_id: int, author_id: int, version: int, now: datetime) -> bool:
    """Begin to send a draft as it was previewed; False where it changed, waited too long or was begun already."""
    row = update(Broadcast).where(
        Broadcast.id == broadcast_id,
        Broadcast.author_id == author_id,
        Broadcast.version == version,
        Broadcast.state == BroadcastState.DRAFT.value,
        Broadcast.changed_at > now - CONFIRMED_WITHIN,
    )
    begun = row.values(state=BroadcastState.SENDING.value, confirmed_at=now, expires_at=now + WORTH_TELLING)
    if session.scalar(begun.returning(Broadcast.id)) is None:
        return False
    audit.write(session, author_id, Action.BROADCAST, broadcast_id, now, recipients=recipients(session))
    return True


def cancel(session: Session, broadcast_id: int, by: int, now: datetime) -> bool:
    """Take back what was not sent yet; False where there is nothing that could be taken back."""
    row = update(Broadcast).where(
        Broadcast.id == broadcast_id,
        Broadcast.state.in_((BroadcastState.DRAFT.value, BroadcastState.SENDING.value)),
        or_(Broadcast.expires_at.is_(None), Broadcast.expires_at > now),
    )
    ended = row.values(state=BroadcastState.CANCELLED.value, changed_at=now, finished_at=None)
    if session.scalar(ended.returning(Broadcast.id)) is None:
        return False
    audit.write(session, by, Action.CANCEL, broadcast_id, now)
    return True


def recipients(session: Session) -> int:
    """How many chats would be told now."""
    return session.scalar(select(func.count()).select_from(Chat).where(*_told())) or 0


def progress(session: Session, broadcast_id: int) -> Progress | None:
    row = session.get(Broadcast, broadcast_id)
    if row is None:
        return None
    own = select(Alert.state, func.count()).where(Alert.kind == Kind.NOTICE.value, Alert.key == _key(row.id))
    states = Counter({row[0]: row[1] for row in session.execute(own.group_by(Alert.state))})
    sent, total = states[AlertState.SENT], states.total()
    waiting = sum(states[one] for one in (AlertState.PENDING, AlertState.HELD, AlertState.SENDING))
    return Progress(
        id=row.id,
        state=BroadcastState(row.state),
        texts=row.texts,
        version=row.version,
        recipients=recipients(session),
        written=row.written,
        sent=sent,
        waiting=waiting,
        not_sent=total - sent - waiting,
        finished=row.finished_at is not None,
    )


def latest(session: Session) -> int | None:
    """The broadcast that was confirmed last."""
    newest = select(Broadcast.id).where(Broadcast.confirmed_at.isnot(None)).order_by(Broadcast.id.desc()).limit(1)
    return session.scalar(newest)


def work(session: Session, now: datetime) -> Step:
    """Take one step with one unfinished broadcast.

    Any number of bots may: one holds the broadcast for its step, the others pass it over.
    """
    row = session.scalars(
        select(Broadcast)
        .where(
            Broadcast.state.in_((BroadcastState.SENDING.value, BroadcastState.CANCELLED.value)),
            Broadcast.finished_at.is_(None),
        )
        .order_by(Broadcast.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return Step()
    if row.state == BroadcastState.CANCELLED:
        return _end(session, row, now)
    if not _write(session, row, now):
        row.finished_at = now
    return Step(more=True)


def _write(session: Session, row: Broadcast, now: datetime) -> bool:
    """Write for the next chats; False when there are no more. The key keeps any chat from getting it twice."""
    chats = select(Chat.id, Chat.language).where(*_told()).order_by(Chat.id).limit(CHATS)
    if row.cursor is not None:
        chats = chats.where(Chat.id > row.cursor)
    expires_at = row.expires_at or now
    found = session.execute(chats).all()
    if not found or expires_at <= now:
        return False
    by_text: dict[str, list[int]] = {}
    for chat_id, language in found:
        by_text.setdefault(row.texts.get(language) or row.texts[OTHERS], []).append(chat_id)
    for text, chat_ids in by_text.items():
        payload = NoticeNews(text=text).model_dump(mode="json")
        row.written += alerts.owe_all(
            session, chat_ids, Kind.NOTICE, str(row.id), payload, now=now, expires_at=expires_at
        )
    row.cursor = found[-1].id
    alerts.notify(session)
    return True


def _end(session: Session, row: Broadcast, now: datetime) -> Step:
    """End what waits of a cancelled one; finished when nothing does. What may have arrived ends in its own way."""
    own = and_(
        Alert.kind == Kind.NOTICE.value,
        Alert.key == _key(row.id),
        Alert.state.in_(WAITING),
        Alert.reason.is_distinct_from(Reason.RESENT.value),
    )
    free = or_(Alert.lease_until.is_(None), Alert.lease_until <= now)
    waiting = select(Alert.id).where(own, free).limit(ENDED).with_for_update(skip_locked=True)
    ended = update(Alert).where(Alert.id.in_(waiting.scalar_subquery()))
    values = {"state": AlertState.SUPPRESSED.value, "reason": Reason.CANCELLED.value, "finished_at": now}
    number = len(session.execute(ended.values(**values, lease_until=None).returning(Alert.id)).all())
    if not number and session.scalar(select(Alert.id).where(own).limit(1)) is None:
        row.finished_at = now
    return Step(more=number > 0, ended=number)


def _key(broadcast_id: int) -> str:
    return f"{Kind.NOTICE}:{broadcast_id}"


def _told() -> tuple[ColumnElement[bool], ...]:
    off = select(Manner.chat_id).where(
        Manner.chat_id == Chat.id, Manner.kind == Kind.NOTICE.value, Manner.loudness == Loudness.OFF.value
    )
    return Chat.state == ChatState.ACTIVE.value, ~off.exists()
