"""Titles of which a chat does not want to hear."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.chats import Chat
from models.items import Item


class Mute(Table):
    """No deal of this title to this chat before `until`; null is for good."""

    __tablename__ = "mutes"

    chat_id: Mapped[int] = mapped_column(
        ForeignKey(Chat.id, onupdate="CASCADE", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id, ondelete="CASCADE"), primary_key=True, autoincrement=False)
    until: Mapped[datetime | None]
