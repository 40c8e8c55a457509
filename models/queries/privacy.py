"""/delete_me: everything of a chat goes, in one transaction; what it adds to counts stays as a number."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, and_, case, cast, delete, func, literal, null, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, SQLColumnExpression

from domain.kinds import Kind
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.departed import Departed
from models.feedback import Feedback
from models.queries import remarks
from models.queries.alerts import WAITING, Reason, key_of
from models.questions import OpenQuestion
from models.remarks import Remark

QUARTER = text("interval '15 minutes'")
EPOCH = cast(literal("1970-01-01T00:00:00+00:00"), DateTime(timezone=True))
FEEDBACK, CHAT = "feedback", "chat"  # kinds of Departed that are no messages
JOINED, DELETED = "joined", "deleted"


def erase(session: Session, chat_id: int, now: datetime) -> int | None:
    """Delete a private chat with all that belongs to it and to its person; how many waiting alerts that ended.

    None for a chat that is not there; what its person left elsewhere is deleted all the same. The chat is locked as
    everybody does who ends its alerts, before them; only when they are gone it is locked against new ones, and those
    that came meanwhile go too. Of what is under way to Telegram nobody will know what became.
    """
    ended = _elsewhere(session, chat_id, now)
    leaving = update(Chat).where(Chat.id == chat_id).values(state=ChatState.STOPPED.value, changed_at=now)
    created_at = session.scalar(leaving.returning(Chat.created_at))
    if created_at is None:
        return None
    ended += _forget_alerts(session, Alert.chat_id == chat_id, now)
    session.execute(select(Chat.id).where(Chat.id == chat_id).with_for_update())
    ended += _forget_alerts(session, Alert.chat_id == chat_id, now)
    _add(session, [(quarter(created_at), CHAT, JOINED, "", 1), (quarter(now), CHAT, DELETED, "", 1)])
    session.execute(delete(Chat).where(Chat.id == chat_id))
    return ended


def _elsewhere(session: Session, person_id: int, now: datetime) -> int:
    """Forget what names the person in other chats, or without any; how many messages had waited."""
    asked, said = OpenQuestion, Remark
    session.execute(delete(asked).where(or_(asked.chat_id == person_id, asked.user_id == person_id)))
    session.execute(update(Chat).where(Chat.owner_id == person_id, Chat.id != person_id).values(owner_id=null()))
    gone = delete(said).where(or_(said.chat_id == person_id, said.user_id == person_id)).returning(said.id)
    passed_on = [key_of(Kind.NOTICE, remarks.key(remark_id)) for remark_id in session.scalars(gone)]
    return _forget_alerts(session, and_(Alert.kind == Kind.NOTICE.value, Alert.key.in_(passed_on)), now)


def _forget_alerts(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    """Delete messages and what was said of them, and add them to the counts; how many had waited."""
    said = delete(Feedback).where(Feedback.alert_id.in_(select(Alert.id).where(which)))
    spoken = said.returning(_quarter(Feedback.at).label("at"), Feedback.verdict).cte("spoken")
    verdicts = select(spoken.c.at, literal(FEEDBACK), spoken.c.verdict, literal(""), func.count())
    _add(session, [tuple(row) for row in session.execute(verdicts.group_by(spoken.c.at, spoken.c.verdict))])
    gone = delete(Alert).where(which).returning(*_ends(now)).cte("gone")
    ends = select(gone.c.at, gone.c.kind, gone.c.state, gone.c.reason, func.count(), func.bool_or(gone.c.waits))
    rows = session.execute(ends.group_by(gone.c.at, gone.c.kind, gone.c.state, gone.c.reason, gone.c.waits)).all()
    _add(session, [tuple(row[:5]) for row in rows])
    return sum(row[4] for row in rows if row[5])


def _ends(now: datetime) -> list[SQLColumnExpression[Any]]:
    """When and how each message ended; one that waits ends now, one that is handed over nobody knows how."""
    handed_over = or_(Alert.state == AlertState.SENDING.value, Alert.reason == Reason.RESENT.value)
    waits = and_(Alert.state.in_(WAITING), Alert.reason.is_distinct_from(Reason.RESENT.value))
    unknown = and_(Alert.state.in_((*WAITING, AlertState.SENDING)), handed_over)
    state = case(
        (waits, AlertState.SUPPRESSED.value),
        (unknown, AlertState.FAILED.value),
        else_=Alert.state,
    )
    word = func.split_part(func.coalesce(Alert.reason, ""), ":", 1)
    reason = case((waits, Reason.STOPPED.value), (unknown, Reason.UNKNOWN.value), else_=word)
    at = _quarter(func.coalesce(Alert.finished_at, now))
    return [at.label("at"), Alert.kind, state.label("state"), reason.label("reason"), waits.label("waits")]


def _quarter(at: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    return func.date_bin(QUARTER, at, EPOCH)


def _add(session: Session, counts: Sequence[tuple[Any, ...]]) -> None:
    """Rows of (moment, kind, state, reason, number); of the same key there may be several."""
    numbers: Counter[tuple[Any, ...]] = Counter()
    for *key, number in counts:
        numbers[tuple(key)] += number
    row = insert(Departed)
    more = row.on_conflict_do_update(
        index_elements=["at", "kind", "state", "reason"], set_={"number": Departed.number + row.excluded.number}
    )
    names = ("at", "kind", "state", "reason")
    values = [dict(zip(names, key, strict=True)) | {"number": numbers[key]} for key in sorted(numbers)]
    if values:
        session.execute(more, values)


def quarter(at: datetime) -> datetime:
    """The beginning of the quarter of an hour."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
