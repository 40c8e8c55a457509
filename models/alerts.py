"""The outbox: one row per chat and offer price, written with the opportunity, ended in a recorded state."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.chats import Chat
from models.opportunities import OpportunityRow


class AlertState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # handed to Telegram, answer not recorded yet
    SENT = "sent"
    SUPPRESSED = "suppressed"  # no longer true when its turn came
    EXPIRED = "expired"  # too old to be worth telling
    FAILED = "failed"


class Alert(Table):
    """A message owed to a chat. Unique per chat, offer and price: never told twice."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(None, "chat_id", "offer_id", "buy", unique=True),
        Index("ix_alerts_due", "next_attempt_at", "id", postgresql_where=text("state IN ('pending', 'sending')")),
        Index("ix_alerts_held", "lease_until", postgresql_where=text("state IN ('pending', 'sending')")),
        Index("ix_alerts_expiring", "expires_at", postgresql_where=text("state = 'pending'")),
        Index(None, "opportunity_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey(Chat.id, onupdate="CASCADE"))
    opportunity_id: Mapped[int] = mapped_column(ForeignKey(OpportunityRow.id))
    offer_id: Mapped[str]
    buy: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
