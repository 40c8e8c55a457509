"""Games that the operators have paused."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class GamePause(Table):
    """While there is a row, no scan of the game begins."""

    __tablename__ = "game_pauses"

    game: Mapped[str] = mapped_column(primary_key=True)
    paused_by: Mapped[int] = mapped_column(BigInteger)
    paused_at: Mapped[datetime]
