"""What people told the operators with /feedback."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class Remark(Table):
    """One text of one person, as it was typed."""

    __tablename__ = "remarks"
    __table_args__ = (Index(None, "user_id", "at"), Index(None, "chat_id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    text: Mapped[str]
