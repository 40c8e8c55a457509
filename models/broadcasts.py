"""Messages of admins to all subscribers, and where their way into the outbox stands."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table

UNFINISHED = text("state IN ('sending', 'cancelled') AND finished_at IS NULL")


class BroadcastState(StrEnum):
    DRAFT = "draft"
    SENDING = "sending"  # confirmed: the bots write it to the outbox
    CANCELLED = "cancelled"  # what was not sent by then ends unsent


class Broadcast(Table):
    """`texts` is HTML by language, "" for every language that has none of its own.

    `version` counts the changes of a draft: the button below an earlier preview confirms nothing. `cursor` is the
    last chat that was written for, NULL before the first; `written` counts the rows. When it has come through, or all
    that was left of a cancelled one has ended, `finished_at` is set.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (Index("ix_broadcasts_unfinished", "id", postgresql_where=UNFINISHED),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    author_id: Mapped[int] = mapped_column(BigInteger)
    texts: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(server_default="1")
    state: Mapped[str]
    changed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    cursor: Mapped[int | None] = mapped_column(BigInteger)
    written: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[datetime | None]
