"""Who may steer the bot beside its owner, and who may not use it at all."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class UserRole(Table):
    """A Telegram user's role; those of ADMIN_USERS are owners without a row."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    role: Mapped[str]
    granted_by: Mapped[int] = mapped_column(BigInteger)
    granted_at: Mapped[datetime]


class Ban(Table):
    """A Telegram user or chat that the bot does not answer."""

    __tablename__ = "bans"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    reason: Mapped[str]
    banned_by: Mapped[int] = mapped_column(BigInteger)
    banned_at: Mapped[datetime]
