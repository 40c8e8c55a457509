"""What people tell the operators: stored, and passed on to the admins."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.kinds import Kind
from domain.turns import HIGHEST
from models.payloads import NoticeNews
from models.queries import alerts
from models.remarks import Remark

_LOCK = 0x534B5245  # any fixed number: "SKRE"
HOUR = timedelta(hours=1)
MOST = 5  # of one person within an hour
WORTH_TELLING = timedelta(days=2)


def key(remark_id: int) -> str:
    """Of the messages by which a remark is passed on, one to each admin."""
    return f"remark:{remark_id}"


def add(
    session: Session, text: str, *, chat_id: int, user_id: int, admins: Iterable[int], now: datetime
) -> timedelta | None:
    """Store a remark and owe it to the private chats of the admins; how long to wait where there were too many."""
    # Of two at once the second counts the first.
    session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(str(user_id)))))
    recent = select(Remark.at).where(Remark.user_id == user_id, Remark.at > now - HOUR).order_by(Remark.at.desc())
    times = session.scalars(recent.limit(MOST)).all()
    if len(times) == MOST:
        return times[-1] + HOUR - now
    remark = Remark(chat_id=chat_id, user_id=user_id, at=now, text=text)
    session.add(remark)
    session.flush()
    news = NoticeNews(text=text, user_id=user_id, chat_id=chat_id).model_dump(mode="json")
    told = alerts.owe_all(
        session,
        sorted(set(admins)),
        Kind.NOTICE,
        key(remark.id),
        news,
        now=now,
        expires_at=now + WORTH_TELLING,
        priority=HIGHEST,
    )
    if told:
        alerts.notify(session)
    return None
