"""Current aggregated prices and their history, written only where something changed."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.items import Item


class Price(Table):
    """The last aggregated price of a title. A side without bids or asks is NULL.

    It was last seen true at the later of `confirmed_at` and its group's `observed_at`. `churn` counts its changes,
    1,000 for each, halved with every hour that passed until `changed_at`. `promising` says that it was nominated
    when it was last looked at. No index but the key, and room in each page, so that updates stay HOT.
    """

    __tablename__ = "prices"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012  # SQLAlchemy's own idiom

    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id), primary_key=True, autoincrement=False)
    bid: Mapped[int | None]
    bid_count: Mapped[int]
    ask: Mapped[int | None]
    ask_count: Mapped[int]
    changed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    churn: Mapped[int] = mapped_column(server_default="0")
    promising: Mapped[bool] = mapped_column(server_default="false")


class PriceChange(Table):
    """One row per change of a price, partitioned by day (UTC) of `observed_at`."""

    __tablename__ = "price_history"
    __table_args__ = {"postgresql_partition_by": "RANGE (observed_at)"}  # noqa: RUF012  # SQLAlchemy's own idiom

    item_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    observed_at: Mapped[datetime] = mapped_column(primary_key=True)
    bid: Mapped[int | None]
    bid_count: Mapped[int]
    ask: Mapped[int | None]
    ask_count: Mapped[int]
