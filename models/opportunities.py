"""Proven purchases with their evidence and their life: opened, moved, gone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.items import Item


class OpportunityState(StrEnum):
    OPEN = "open"
    GONE = "gone"


class EventKind(StrEnum):
    OPENED = "opened"
    MOVED = "moved"
    GONE = "gone"


class OpportunityRow(Table):
    """One open row per title and variant. `evidence` is the whole decision as JSON (models/evidence.py)."""

    __tablename__ = "opportunities"
    __table_args__ = (
        Index("uq_opportunities_open", "item_id", "variant", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_opportunities_rank", text("cents_per_day DESC"), postgresql_where=text("state = 'open'")),
        # not with confirmed_at: each confirmation would then have to touch the index
        Index("ix_opportunities_game", "game", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id))
    variant: Mapped[str]
    state: Mapped[str]
    game: Mapped[str]
    level: Mapped[str]
    exit: Mapped[str]
    offer_id: Mapped[str]
    buy: Mapped[int]
    net: Mapped[int]
    return_bps: Mapped[int]
    capacity: Mapped[int]
    cents_per_day: Mapped[int]
    evidence: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    gone_reason: Mapped[str | None]


class OpportunityEvent(Table):
    """One step in an opportunity's life; `buy` and `net` in cents at that moment."""

    __tablename__ = "opportunity_events"
    __table_args__ = (Index(None, "opportunity_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey(OpportunityRow.id))
    kind: Mapped[str]
    at: Mapped[datetime]
    offer_id: Mapped[str]
    buy: Mapped[int]
    net: Mapped[int]
