"""How a chat wants each kind of message: loud, silent or off, and how far apart."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.chats import Chat


class Manner(Table):
    """Of one chat for one domain.kinds.Kind. Without a row: loud, and as often as there is something."""

    __tablename__ = "manners"

    chat_id: Mapped[int] = mapped_column(
        ForeignKey(Chat.id, onupdate="CASCADE", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    loudness: Mapped[str] = mapped_column(server_default="loud")
    cooldown_seconds: Mapped[int] = mapped_column(server_default="0")
