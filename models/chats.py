"""Who is told: chats with their subscription."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class ChatState(StrEnum):
    ACTIVE = "active"
    STOPPED = "stopped"  # by /stop
    BLOCKED = "blocked"  # Telegram says that it cannot be reached any more


class Chat(Table):
    """A Telegram chat and what it wants to be told about (domain.filters.Filter); amounts in cents and basis points."""

    __tablename__ = "chats"
    __table_args__ = (Index("ix_chats_active", "id", postgresql_where=text("state = 'active'")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    state: Mapped[str]
    games: Mapped[list[str]] = mapped_column(ARRAY(Text))
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    min_net: Mapped[int]
    min_return_bps: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
