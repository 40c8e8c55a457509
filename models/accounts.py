"""Exchange accounts that operators added, their secret keys encrypted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class AccountState(StrEnum):
    IN_USE = "in_use"
    RESTING = "resting"  # kept, and left alone by the workers


class Account(Table):
    """A key pair of the exchange; `sealed` is its secret key as a token (config/ring.py) bound to this row.

    `actor` is who added it, such as cli:root; `sealed_at` when the secret was last encrypted.
    """

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[str]
    state: Mapped[str]
    actor: Mapped[str]
    added_at: Mapped[datetime]
    sealed_at: Mapped[datetime]
