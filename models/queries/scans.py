"""Planning scan runs: one at a time per game, dead ones taken over, late ones ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from domain.cadence import Pulses
from domain.levels import Level
from models.queries import planning
from models.scans import BatchState, RunState, ScanBatch, ScanRun

RUN_LEASE = timedelta(seconds=60)  # a run without a finished batch for that long is dead
DUE_SHARE = 0.7  # of the interval: early by jitter is fine, and above one half two beats cannot take turns


class Outcome(StrEnum):
    PLANNED = "planned"
    TAKEN_OVER = "taken_over"
    RUNNING = "running"  # refused: the last scan still runs
    NOT_DUE = "not_due"  # refused: another beat was first
    EMPTY = "empty"  # refused: no catalogue yet
    NO_TITLES = "no_titles"  # refused: no title of the level asked for
    PAUSED = "paused"  # refused: the operators have paused the game


@dataclass(frozen=True, slots=True)
class Plan:
    """What became of a request to scan; `batches` are waiting to be rung.

    `pulses` say after which delay how many of them are, where not all at once.
    """

    outcome: Outcome
    run_id: int | None = None
    batches: int = 0
    expires_at: datetime | None = None
    pulses: Pulses = ()


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

    `due_every` is given by the schedule and refuses a scan that comes too early; None scans now. A scheduled scan
    has one slot for each group that the catalogue still knows a title of, to be bound when it is claimed; any other
    covers every title once. `length` is how long the run may take before what is left of it expires.
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
    return _begin(session, game, now, now + length, level or due_every)


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


def _begin(session: Session, game: str, now: datetime, expires_at: datetime, scope: Level | timedelta | None) -> Plan:
    """Scan a level, or the whole game for the schedule's interval or at once.

    One running run per game is the database's rule: who comes second gets no row.
    """
    level = scope if isinstance(scope, Level) else None
    every = scope if isinstance(scope, timedelta) else None
    run_id = session.scalars(
        upsert(ScanRun)
        .values(
            game=game,
            level=level.key if level else None,
            scheduled=every is not None,
            interval=int(every.total_seconds()) if every else None,
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
    pulses = planning.slots(session, run_id, game, now, every) if every else ()
    sizes = () if every else planning.batches(session, run_id, game, now, level)
    batches = sum(count for _, count in pulses) + len(sizes)
    if not batches:
        session.execute(text("DELETE FROM scan_runs WHERE id = :run"), {"run": run_id})
        return Plan(Outcome.NO_TITLES if level else Outcome.EMPTY)
    session.execute(
        update(ScanRun).where(ScanRun.id == run_id).values(titles=sum(sizes), batches=batches, batches_left=batches)
    )
    return Plan(Outcome.PLANNED, run_id, batches, expires_at, pulses)


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
