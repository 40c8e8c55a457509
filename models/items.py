"""The catalogue: titles of each game, cut into groups of at most 100 that are priced together."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table

GROUP_SIZE = 100  # titles one aggregated-prices call takes
FORGOTTEN = timedelta(days=3)  # titles not seen in the catalogue for that long are no longer priced


class ItemGroup(Table):
    """Up to 100 titles of one game. `observed_at` is when all their prices were last read.

    `judged_at` is when every one of them, changed or not, was last looked at for nomination. `worth` is the mean of
    theirs (domain/cadence.py), 0 where the catalogue forgot all of them. `edition` counts how often they became
    others: a batch that was bound to an earlier one did not read them all. They were last arranged by worth at
    `arranged_at`, NULL where newcomers have joined since. Until `held_until` an open batch has the group.
    """

    __tablename__ = "item_groups"
    __table_args__ = (Index(None, "game", "observed_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    game: Mapped[str]
    size: Mapped[int] = mapped_column(SmallInteger)
    observed_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    worth: Mapped[int] = mapped_column(server_default="1")
    edition: Mapped[int] = mapped_column(server_default="0")
    arranged_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]


class Item(Table):
    """One title of one game."""

    __tablename__ = "items"
    __table_args__ = (
        Index(None, "game", "title", unique=True),
        Index(None, "group_id"),
        Index("ix_items_title_words", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    game: Mapped[str]
    title: Mapped[str]
    group_id: Mapped[int] = mapped_column(ForeignKey(ItemGroup.id))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
