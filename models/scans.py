"""Planned work: scan runs with their batches, and the catalogue walk. Rows own the work, messages only say "look"."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.items import ItemGroup


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    EXPIRED = "expired"


class BatchState(StrEnum):
    PLANNED = "planned"
    LEASED = "leased"
    DONE = "done"
    EXPIRED = "expired"


class ScanRun(Table):
    """One scan of one game. At most one is running per game; a dead one is taken over when its lease ends.

    `interval` is the schedule's in seconds; NULL is a scan that somebody asked for. `titles` are those of its batches
    that know theirs.
    """

    __tablename__ = "scan_runs"
    __table_args__ = (
        Index("uq_scan_runs_running", "game", unique=True, postgresql_where=text("state = 'running'")),
        Index(None, "game", "planned_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    game: Mapped[str]
    level: Mapped[str | None]
    scheduled: Mapped[bool]
    interval: Mapped[int | None]
    state: Mapped[str]
    planned_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    titles: Mapped[int]
    batches: Mapped[int]
    batches_left: Mapped[int]
    prices_observed: Mapped[int] = mapped_column(server_default="0")
    prices_changed: Mapped[int] = mapped_column(server_default="0")
    nominated: Mapped[int] = mapped_column(server_default="0")


class ScanBatch(Table):
    """Up to 100 titles to be priced in one call. `group_id` is set when the batch is a whole group.

    `edition` is then the group's at that time. A slot of a scheduled run has neither group nor titles until it is
    claimed; from then on it keeps them. `rung_at` may lie ahead: before that nobody is rung for.
    """

    __tablename__ = "scan_batches"
    __table_args__ = (
        Index(None, "run_id"),
        Index("ix_scan_batches_open", "run_id", "id", postgresql_where=text("state IN ('planned', 'leased')")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(ScanRun.id, ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey(ItemGroup.id))
    edition: Mapped[int] = mapped_column(server_default="0")
    item_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    rung_at: Mapped[datetime]


class CatalogueWalk(Table):
    """Where the walk over a game's titles stands, so that a killed worker resumes at its cursor."""

    __tablename__ = "catalogue_walks"

    game: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str]
    pages: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    titles: Mapped[int]
