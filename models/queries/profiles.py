"""How a chat wants to be spoken to: language, clock, pauses, digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.chats import Chat, ChatState

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Profile:
    """A chat's own settings; the defaults are those of one that was never seen.

    `zone` is an IANA name. Quiet hours go from `quiet_from` to `quiet_until`, minutes of the local day, both or none.
    `daily_cap` is a number of messages, None without one. `thread_id` is the forum topic that alerts go to.
    """

    id: int
    state: ChatState | None = None
    language: str = ENGLISH
    zone: str = "UTC"
    thread_id: int | None = None
    owner_id: int | None = None
    snoozed_until: datetime | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    daily_cap: int | None = None
    digest: str = "off"
    digest_group: str = "game"
    digest_least: int = 3

    @property
    def known(self) -> bool:
        return self.state is not None


_COLUMNS = (
    Chat.id,
    Chat.state,
    Chat.language,
    Chat.zone,
    Chat.thread_id,
    Chat.owner_id,
    Chat.snoozed_until,
    Chat.quiet_from,
    Chat.quiet_until,
    Chat.daily_cap,
    Chat.digest,
    Chat.digest_group,
    Chat.digest_least,
)


def read(session: Session, chat_id: int, language: str = ENGLISH) -> Profile:
    """A chat's profile; of an unknown one the defaults with the language given."""
    row = session.execute(select(*_COLUMNS).where(Chat.id == chat_id)).one_or_none()
    if row is None:
        return Profile(chat_id, language=language)
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for a row as a mapping
    return Profile(**values | {"state": ChatState(row.state)})


def change(session: Session, chat_id: int, now: datetime, **values: object) -> bool:
    """Set columns of a known chat that `Profile` names; False for a chat that is not there."""
    chat = update(Chat).where(Chat.id == chat_id).values(**values, changed_at=now)
    return session.scalar(chat.returning(Chat.id)) is not None
