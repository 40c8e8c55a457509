"""Proven purchases with their evidence and their life: opened, moved, gone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, Text, text
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
    """One open row per title and variant. `evidence` is the whole decision as JSON (models/proof.py).

    From `sales_tenths` on stands what filters ask for (domain.deals.Deal, domain.traits.Traits): sales a day times
    ten, when the offer was listed, the title's words as domain.words.spaced, and the traits of the offer's item; "",
    no class and NULL are unknown.
    """

    __tablename__ = "opportunities"
    __table_args__ = (
        Index("uq_opportunities_open", "item_id", "variant", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_opportunities_rank", text("cents_per_day DESC"), postgresql_where=text("state = 'open'")),
        # not with confirmed_at: each confirmation would then have to touch the index
        Index("ix_opportunities_game", "game", postgresql_where=text("state = 'open'")),
        Index(None, "item_id"),
        Index(None, "game", "opened_at"),
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
    sales_tenths: Mapped[int] = mapped_column(server_default="0")
    listed_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(server_default="")
    exterior: Mapped[str] = mapped_column(server_default="")
    rarity: Mapped[str] = mapped_column(server_default="")
    phase: Mapped[str] = mapped_column(server_default="")
    hero: Mapped[str] = mapped_column(server_default="")
    quality: Mapped[str] = mapped_column(server_default="")
    slot: Mapped[str] = mapped_column(server_default="")
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    effect: Mapped[str] = mapped_column(server_default="")
    killstreak: Mapped[str] = mapped_column(server_default="")
    type: Mapped[str] = mapped_column(server_default="")
    stattrak: Mapped[bool | None]
    souvenir: Mapped[bool | None]
    craftable: Mapped[bool | None]
    float_millionths: Mapped[int | None]


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
