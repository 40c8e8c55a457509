"""The outbox: one row for each message owed to a chat, ended in a recorded state."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.chats import Chat
from models.opportunities import OpportunityRow

LIVE_ROWS = text("state IN ('pending', 'sending')")
OPEN_ROWS = text("state IN ('pending', 'sending', 'held')")
STRIKES = text("strike_due_at IS NOT NULL AND state = 'sent'")


class AlertState(StrEnum):
    PENDING = "pending"
    HELD = "held"  # waits for the end of quiet hours or a snooze, at `next_attempt_at`
    SENDING = "sending"  # handed to Telegram, answer not recorded yet
    SENT = "sent"
    SUPPRESSED = "suppressed"  # no longer true, or not wanted, when its turn came
    EXPIRED = "expired"  # too old to be worth telling
    FAILED = "failed"


class Alert(Table):
    """A message owed to a chat, of a domain.kinds.Kind. Unique per chat and key: never told twice.

    A deal has its opportunity, offer and buy price (cents), and its key is made of the last two; every other kind has
    a `payload` of values. `told` is how many chats were chosen for the deal. The order is `bulk`, then `turn_at`
    (domain.turns). `strike_due_at` is set when a deal that was sent is no longer true, `struck_at` when the message
    says so.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index(None, "chat_id", "key", unique=True),
        Index("ix_alerts_turn", "bulk", "turn_at", "id", postgresql_where=LIVE_ROWS),
        Index("ix_alerts_leased", "lease_until", "chat_id", postgresql_where=text("lease_until IS NOT NULL")),
        Index("ix_alerts_held", "next_attempt_at", postgresql_where=text("state = 'held'")),
        Index("ix_alerts_expiring", "expires_at", postgresql_where=text("state IN ('pending', 'held')")),
        Index("ix_alerts_waiting", "chat_id", postgresql_where=OPEN_ROWS),
        Index(None, "chat_id", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
        Index(
            "ix_alerts_strikes", "strike_due_at", postgresql_where=text("strike_due_at IS NOT NULL AND state = 'sent'")
        ),
        Index(None, "opportunity_id"),
        Index("ix_alerts_notices", "key", "state", postgresql_where=text("kind = 'notice'")),
        Index("ix_alerts_finished_at", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey(Chat.id, onupdate="CASCADE"))
    kind: Mapped[str]
    key: Mapped[str]
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey(OpportunityRow.id))
    offer_id: Mapped[str | None]
    buy: Mapped[int | None]
    payload: Mapped[dict[str, Any] | None]
    told: Mapped[int | None]
    priority: Mapped[int] = mapped_column(SmallInteger)
    bulk: Mapped[bool]
    turn_at: Mapped[datetime]
    silent: Mapped[bool]
    state: Mapped[str]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    finished_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    strike_due_at: Mapped[datetime | None]
    struck_at: Mapped[datetime | None]
