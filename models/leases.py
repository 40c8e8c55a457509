"""Named leases: at most one worker at a time does a piece of work that has no row of its own."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table


class Lease(Table):
    """`name` is held until `until`; a holder that died frees it by doing nothing."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
