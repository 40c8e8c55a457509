"""What each worker says of the parts it depends on, for those who see only the database."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class ConditionRow(Table):
    """One part as one process saw it at `seen_at`; a process that says nothing any more is not running.

    `since` and `reason` are set while the part is degraded for it.
    """

    __tablename__ = "conditions"

    process: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    good_at: Mapped[datetime | None]
    since: Mapped[datetime | None]
    reason: Mapped[str | None]
