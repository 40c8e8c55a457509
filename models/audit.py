"""What admins did: rows that are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class AuditRow(Table):
    """Who did what to whom; `detail` holds values that no other place shows, and no secret.

    Who acted from a shell has `user_id` 0 and is named by `actor`, such as cli:root.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str | None]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
