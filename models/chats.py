"""Who is told: chats with their subscription."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class ChatState(StrEnum):
    ACTIVE = "active"
    STOPPED = "stopped"  # by /stop
    BLOCKED = "blocked"  # Telegram says that it cannot be reached any more


class Chat(Table):
    """A Telegram chat and how it wants to be told (models.queries.profiles); of what stands in models/filters.py.

    `told_at` is when a message that nobody asked for last reached it, `explained_at` when its silence was explained.
    `left_at` is when a chat that is not active ended it.
    """

    __tablename__ = "chats"
    __table_args__ = (
        Index("ix_chats_active", "id", postgresql_where=text("state = 'active'")),
        Index("ix_chats_snoozed", "id", postgresql_where=text("snoozed_until IS NOT NULL")),
        Index("ix_chats_owner_id", "owner_id", postgresql_where=text("owner_id IS NOT NULL")),
        Index("ix_chats_digest_due", "digest_due_at", postgresql_where=text("digest_due_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(server_default="en")
    zone: Mapped[str] = mapped_column(server_default="UTC")
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    snoozed_until: Mapped[datetime | None]
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    daily_cap: Mapped[int | None] = mapped_column(SmallInteger)
    digest: Mapped[str] = mapped_column(server_default="off")
    digest_group: Mapped[str] = mapped_column(server_default="game")
    digest_least: Mapped[int] = mapped_column(SmallInteger, server_default="3")
    digest_due_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    explained_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
