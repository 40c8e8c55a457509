"""The catalogue: titles of each game, cut into groups of at most 100 that are priced together."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table

GROUP_SIZE = 100  # titles one aggregated-prices call takes


class ItemGroup(Table):
    """Up to 100 titles of one game. `observed_at` is when all their prices were last read.

    `judged_at` is when every one of them, changed or not, was last looked at for nomination.
    """

    __tablename__ = "item_groups"
    __table_args__ = (Index(None, "game", "observed_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    game: Mapped[str]
    size: Mapped[int] = mapped_column(SmallInteger)
    observed_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]


class Item(Table):
    """One title of one game."""

    __tablename__ = "items"
    __table_args__ = (Index(None, "game", "title", unique=True), Index(None, "group_id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    game: Mapped[str]
    title: Mapped[str]
    group_id: Mapped[int] = mapped_column(ForeignKey(ItemGroup.id))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
