"""What chats said about the deals they were told of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.alerts import Alert
from models.base import Table


class Verdict(StrEnum):
    BOUGHT = "bought"
    GONE = "gone"  # somebody else was faster
    WRONG = "wrong"  # the numbers were not true


class Feedback(Table):
    """The last word of a chat about one alert."""

    __tablename__ = "feedback"

    alert_id: Mapped[int] = mapped_column(
        ForeignKey(Alert.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    verdict: Mapped[str]
    at: Mapped[datetime]
