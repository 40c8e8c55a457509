"""What waits for a look at live data, and what the last look said."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.items import Item


class Nominee(Table):
    """A title waiting to be verified: one row per title, so a title is never verified twice at once.

    `given_back` of its `attempts` ended in order, the exchange being away; the others ended with their worker.
    """

    __tablename__ = "nominees"
    __table_args__ = (Index("ix_nominees_waiting", text("score DESC"), "item_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id), primary_key=True, autoincrement=False)
    reason: Mapped[str]
    score: Mapped[int]
    bid: Mapped[int | None]
    ask: Mapped[int | None]
    nominated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    given_back: Mapped[int] = mapped_column(server_default="0")
    rung_at: Mapped[datetime]


class LastVerdict(Table):
    """The last decision on a title: the gate that decided ("accepted" for none) with its numbers.

    `bid` and `ask` are the aggregate that led to it, so that the same stale aggregate is not looked at anew.
    """

    __tablename__ = "verdicts"

    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id), primary_key=True, autoincrement=False)
    decided_at: Mapped[datetime]
    gate: Mapped[str]
    numbers: Mapped[dict[str, Any]]
    bid: Mapped[int | None]
    ask: Mapped[int | None]


class SalesReference(Table):
    """A title's recent sales as last read, and the careful patient price in cents they gave (NULL: none)."""

    __tablename__ = "sales_references"
    __table_args__ = (Index(None, "observed_at"),)

    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id), primary_key=True, autoincrement=False)
    observed_at: Mapped[datetime]
    sales: Mapped[list[Any]]
    complete: Mapped[bool]
    price: Mapped[int | None]
