"""What operators are told in numbers: how old prices are, what waits, how far the history's partitions reach.

Each statement reads few rows or an index, so that a look every quarter of a minute costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from models.conditions import ConditionRow
from models.opportunities import OpportunityRow, OpportunityState
from models.queries.conditions import ALIVE

PERCENTILES = (50, 95)


@dataclass(frozen=True, slots=True)
class Freshness:
    """A game's titles that are to be priced: how many, and how many of them were read since a time.

    `read_at` is by percentile: so many per cent of the titles ever read were read then or later.
    """

    titles: int
    recent: int
    read_at: Mapping[int, datetime]


def freshness(session: Session, game: str, since: datetime) -> Freshness:
    """How fresh the game is. `since` separates recent from old."""
    row = session.execute(_FRESHNESS, {"game": game, "since": since}).one()
    found = {50: row.half_at, 95: row.most_at}
    return Freshness(row.titles, row.recent, {share: at for share, at in found.items() if at is not None})


_FRESHNESS = text(
    """
    WITH known AS (
        SELECT size, observed_at, sum(size) OVER (ORDER BY observed_at DESC NULLS LAST) AS upto,
            sum(size) FILTER (WHERE observed_at IS NOT NULL) OVER () AS seen
        FROM item_groups WHERE game = :game AND worth > 0
    )
    SELECT coalesce(sum(size), 0) AS titles,
        coalesce(sum(size) FILTER (WHERE observed_at >= :since), 0) AS recent,
        max(observed_at) FILTER (WHERE upto * 100 >= seen * 50) AS half_at,
        max(observed_at) FILTER (WHERE upto * 100 >= seen * 95) AS most_at
    FROM known
    """
)


@dataclass(frozen=True, slots=True)
class LastScan:
    """The last completed scan of a whole game."""

    planned_at: datetime
    finished_at: datetime


def last_scan(session: Session, game: str) -> LastScan | None:
    row = session.execute(_LAST_SCAN, {"game": game}).first()
    return LastScan(row.planned_at, row.finished_at) if row else None


_LAST_SCAN = text(
    "SELECT planned_at, finished_at FROM scan_runs WHERE game = :game AND state = 'done' AND level IS NULL "
    "ORDER BY planned_at DESC LIMIT 1"
)


def last_planned(session: Session, game: str) -> datetime | None:
    """When the schedule last began a scan of the game."""
    found: datetime | None = session.scalar(_LAST_PLANNED, {"game": game})
    return found


_LAST_PLANNED = text(
    "SELECT planned_at FROM scan_runs WHERE game = :game AND scheduled ORDER BY planned_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows wait, and since when the oldest does."""

    count: int
    since: datetime | None


def batches(session: Session, now: datetime) -> Waiting:
    """Batches of running scans that are due and that nobody works on; since the begin of the oldest such scan."""
    return _waiting(session.execute(_BATCHES, {"now": now}).one())


_BATCHES = text(
    """
    SELECT count(*) AS waiting, min(r.planned_at) AS since FROM scan_batches b JOIN scan_runs r ON r.id = b.run_id
    WHERE r.state = 'running' AND ((b.state = 'planned' AND b.rung_at <= :now)
        OR (b.state = 'leased' AND b.lease_until <= :now))
    """
)


def nominees(session: Session, now: datetime) -> Waiting:
    """Titles that wait for their verification."""
    return _waiting(session.execute(_NOMINEES, {"now": now}).one())


_NOMINEES = text(
    "SELECT count(*) AS waiting, min(nominated_at) AS since FROM nominees "
    "WHERE expires_at > :now AND (lease_until IS NULL OR lease_until <= :now)"
)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Alerts that have not ended, by state, and since when the oldest is due that nobody has in hand."""

    states: Mapping[str, int]
    since: datetime | None


def outbox(session: Session, now: datetime) -> Outbox:
    rows = session.execute(_OUTBOX, {"now": now}).all()
    since = [row.since for row in rows if row.since is not None]
    return Outbox({row.state: row.waiting for row in rows}, min(since, default=None))


_OUTBOX = text(
    """
    SELECT state, count(*) AS waiting,
        min(created_at) FILTER (WHERE state = 'pending' AND next_attempt_at <= :now) AS since
    FROM alerts WHERE state IN ('pending', 'sending', 'held') GROUP BY state
    """
)


def open_opportunities(session: Session) -> dict[str, int]:
    """How many are open, by game."""
    query = select(OpportunityRow.game, func.count()).where(OpportunityRow.state == OpportunityState.OPEN)
    rows = session.execute(query.group_by(OpportunityRow.game)).all()
    return {row[0]: row[1] for row in rows}


def workers(session: Session, now: datetime) -> int:
    """Worker processes that reported lately."""
    query = select(func.count(ConditionRow.process.distinct())).where(ConditionRow.seen_at > now - ALIVE)
    return session.scalar(query) or 0


def partitions(session: Session) -> tuple[datetime, datetime] | None:
    """The first moment (UTC) that the history has a partition for, and the first that it has none for any more."""
    row = session.execute(_PARTITIONS).one()
    if row.oldest is None:
        return None
    begin, last = (datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) for day in (row.oldest, row.newest))
    return begin, last + timedelta(days=1)


_PARTITIONS = text(
    """
    SELECT min(right(c.relname, 8)) AS oldest, max(right(c.relname, 8)) AS newest
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'price_history'::regclass AND c.relname ~ '^price_history_[0-9]{8}$'
    """
)


def _waiting(row: Row[tuple[int, datetime | None]]) -> Waiting:
    return Waiting(row.waiting, row.since)
