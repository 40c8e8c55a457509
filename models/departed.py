"""Counts of what chats that were deleted leave behind: how many, of what, when; not whose."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class Departed(Table):
    """`at` is the beginning of a quarter of an hour.

    Messages have their kind, final state and reason; `kind` is "feedback" with the verdict as state, or "chat" with
    the state "joined" or "deleted".
    """

    __tablename__ = "departed"

    at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
