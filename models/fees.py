"""The exchange's fee lists as last read."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class GameFee(Table):
    """A game's default selling fee; `observed_at` is the age of its reduced rows too."""

    __tablename__ = "game_fees"

    game: Mapped[str] = mapped_column(primary_key=True)
    bps: Mapped[int]
    minimum: Mapped[int]
    observed_at: Mapped[datetime]


class ReducedFeeRow(Table):
    """A reduced fee of one title for prices within [min_price, max_price] cents until `expires_at`."""

    __tablename__ = "reduced_fees"

    game: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(primary_key=True)
    min_price: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    max_price: Mapped[int]
    bps: Mapped[int]
    expires_at: Mapped[datetime]
