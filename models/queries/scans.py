"""Planning scan runs: one at a time per game, dead ones taken over, late ones ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from domain.levels import HIGHEST, Level
from models.scans import BatchState, RunState, ScanBatch, ScanRun

RUN_LEASE = timedelta(seconds=60)  # a run without a finished batch for that long is dead
FORGOTTEN = timedelta(days=3)  # titles not seen in the catalogue for that long are no longer priced
DUE_SHARE = 0.7  # of the interval: early by jitter is fine, and above one half two beats cannot take turns


class Outcome(StrEnum):
    PLANNED = "planned"
    TAKEN_OVER = "taken_over"
    RUNNING = "running"  # refused: the last scan still runs
    NOT_DUE = "not_due"  # refused: another beat was first
    EMPTY = "empty"  # refused: no catalogue yet
    NO_TITLES = "no_titles"  # refused: no title of the level asked for


@dataclass(frozen=True, slots=True)
class Plan:
    """What became of a request to scan; `batches` are waiting to be rung."""

    outcome: Outcome
    run_id: int | None = None
    batches: int = 0
    expires_at: datetime | None = None


def plan(
    session: Session,
    game: str,
    now: datetime,
    *,
    length: timedelta,
    level: Level | None = None,
    due_every: timedelta | None = None,
) -> Plan:
    """Begin a scan of `game` unless one is running; take over one that died.

    `due_every` is given by the schedule and refuses a scan that comes too early; None scans now. `length`
    is how long the run may take before what is left of it expires.
    """
    running = _running(session, game)
    if running is not None and running.expires_at <= now:
        _expire(session, running, now)
    elif running is not None and running.lease_until > now:
        return Plan(Outcome.RUNNING, running.id)
    elif running is not None:
        running.lease_until = now + RUN_LEASE
        return Plan(Outcome.TAKEN_OVER, running.id, running.batches_left, running.expires_at)
    if due_every is not None and not _due(session, game, now, due_every):
        return Plan(Outcome.NOT_DUE)
    return _begin(session, game, now, length, level, scheduled=due_every is not None)


def _running(session: Session, game: str) -> ScanRun | None:
    return session.scalars(
        select(ScanRun).where(ScanRun.game == game, ScanRun.state == RunState.RUNNING).with_for_update()
    ).first()


def _expire(session: Session, run: ScanRun, now: datetime) -> None:
    session.execute(
        update(ScanBatch)
        .where(ScanBatch.run_id == run.id, ScanBatch.state.in_((BatchState.PLANNED, BatchState.LEASED)))
        .values(state=BatchState.EXPIRED, lease_until=None)
    )
    run.state, run.finished_at, run.batches_left = RunState.EXPIRED, now, 0
    session.flush()


def _due(session: Session, game: str, now: datetime, every: timedelta) -> bool:
    last = session.scalars(
        select(ScanRun.planned_at)
        .where(ScanRun.game == game, ScanRun.level.is_(None))
        .order_by(ScanRun.planned_at.desc())
        .limit(1)
    ).first()
    return last is None or last <= now - every * DUE_SHARE


def _begin(
    session: Session, game: str, now: datetime, length: timedelta, level: Level | None, *, scheduled: bool
) -> Plan:
    """One running run per game is the database's rule: who comes second gets no row."""
    expires_at = now + length
    run_id = session.scalars(
        upsert(ScanRun)
        .values(
            game=game,
            level=level.key if level else None,
            scheduled=scheduled,
            state=RunState.RUNNING,
            planned_at=now,
            lease_until=now + RUN_LEASE,
            expires_at=expires_at,
            titles=0,
            batches=0,
            batches_left=0,
        )
        .on_conflict_do_nothing()
        .returning(ScanRun.id)
    ).first()
    if run_id is None:
        return Plan(Outcome.RUNNING)
    statement = _LEVEL_BATCHES if level else _GROUP_BATCHES
    band = {"low": level.low, "most": level.high - (level.high < HIGHEST)} if level else {}
    sizes = session.scalars(
        statement, {"run": run_id, "game": game, "now": now, "since": now - FORGOTTEN, **band}
    ).all()
    if not sizes:
        session.execute(text("DELETE FROM scan_runs WHERE id = :run"), {"run": run_id})
        return Plan(Outcome.NO_TITLES if level else Outcome.EMPTY)
    session.execute(
        update(ScanRun)
        .where(ScanRun.id == run_id)
        .values(titles=sum(sizes), batches=len(sizes), batches_left=len(sizes))
    )
    return Plan(Outcome.PLANNED, run_id, len(sizes), expires_at)


_GROUP_BATCHES = text(
    """
    INSERT INTO scan_batches (run_id, group_id, item_ids, state, rung_at)
    SELECT :run, g.id, array_agg(i.id ORDER BY i.id), 'planned', :now
    FROM item_groups g JOIN items i ON i.group_id = g.id
    WHERE g.game = :game AND i.last_seen_at > :since
    GROUP BY g.id ORDER BY g.observed_at NULLS FIRST, g.id
    RETURNING cardinality(item_ids)
    """
)
_LEVEL_BATCHES = text(
    """
    INSERT INTO scan_batches (run_id, group_id, item_ids, state, rung_at)
    SELECT :run, NULL, array_agg(id ORDER BY id), 'planned', :now
    FROM (
        SELECT i.id, (row_number() OVER (ORDER BY i.id) - 1) / 100 AS batch
        FROM items i LEFT JOIN prices p ON p.item_id = i.id
        WHERE i.game = :game AND i.last_seen_at > :since
          AND (p.item_id IS NULL OR p.ask BETWEEN :low AND :most)
    ) AS wanted
    GROUP BY batch ORDER BY batch
    RETURNING cardinality(item_ids)
    """
)


def expire_runs(session: Session, now: datetime) -> list[str]:
    """End runs whose time is over, with what is left of them; returns their games."""
    late = session.scalars(
        select(ScanRun)
        .where(ScanRun.state == RunState.RUNNING, ScanRun.expires_at <= now)
        .with_for_update(skip_locked=True)
    ).all()
    for run in late:
        _expire(session, run, now)
    return [run.game for run in late]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; counts of batches, titles priced, prices changed and titles nominated."""

    state: str
    batches: int
    batches_left: int
    observed: int
    changed: int
    nominated: int


def progress(session: Session, run_id: int) -> Progress:
    """Raises sqlalchemy.exc.NoResultFound for a run that does not exist."""
    run = session.get_one(ScanRun, run_id, populate_existing=True)
    return Progress(run.state, run.batches, run.batches_left, run.prices_observed, run.prices_changed, run.nominated)
