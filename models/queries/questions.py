"""Open questions: asked, answered once, forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.questions import OpenQuestion

LASTS = timedelta(minutes=15)  # a text that comes later is no answer


@dataclass(frozen=True, slots=True)
class Waiting:
    kind: str
    args: tuple[str, ...]


def ask(session: Session, chat_id: int, user_id: int, asked: Waiting, now: datetime) -> None:
    """Open a question; a former one of the same person in this chat is dropped."""
    values = {"kind": asked.kind, "args": list(asked.args), "asked_at": now}
    row = insert(OpenQuestion).values(chat_id=chat_id, user_id=user_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["chat_id", "user_id"], set_=values))


def take(session: Session, chat_id: int, user_id: int, now: datetime) -> Waiting | None:
    """The open question, which ends with this; None where there is none or it is too old."""
    own = delete(OpenQuestion).where(OpenQuestion.chat_id == chat_id, OpenQuestion.user_id == user_id)
    row = session.execute(own.returning(OpenQuestion.kind, OpenQuestion.args, OpenQuestion.asked_at)).one_or_none()
    if row is None or row.asked_at < now - LASTS:
        return None
    return Waiting(row.kind, tuple(row.args))
