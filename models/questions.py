"""Questions that wait for a typed answer, one per person and chat."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class OpenQuestion(Table):
    """What the next text of this person in this chat answers; in the database, so that any bot process takes it."""

    __tablename__ = "questions"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    args: Mapped[list[str]] = mapped_column(ARRAY(Text))
    asked_at: Mapped[datetime]
