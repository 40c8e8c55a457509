"""Leasing the batches of a scan run and counting them home."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from domain.cadence import Cadence
from models.queries import slots
from models.queries.scans import RUN_LEASE
from models.queries.slots import Slot
from models.scans import BatchState, RunState, ScanBatch, ScanRun

BATCH_LEASE = timedelta(seconds=20)  # while it lasts after its worker's death, its run cannot end, nor the next begin
RING_AGAIN = timedelta(seconds=10)
RENEWED = timedelta(seconds=20)  # a run's lease is not written again by a claim that comes so soon


@dataclass(frozen=True, slots=True)
class Batch:
    """A leased batch. `attempt` fences it: only the worker of the newest attempt may finish it.

    `edition` fences its group: only while the group has that one are these all of its titles.
    """

    id: int
    run_id: int
    attempt: int
    group_id: int | None
    game: str
    titles: dict[str, int]
    edition: int = 0


def claim_batch(session: Session, run_id: int, now: datetime) -> Batch | None:
    """Lease a batch of a run that nobody works on, the longest waiting first; None when nothing is left.

    A slot becomes the group that is most worth reading now; where open batches have them all it goes on waiting.
    """
    if not _hold_run(session, run_id, now):
        return None
    row = session.execute(_CLAIM, {"run": run_id, "now": now, "until": now + BATCH_LEASE}).first()
    if row is None:
        return None
    slot = not row.item_ids
    batch = _bound(session, row, run_id, now) if slot else _named(session, row, run_id)
    if batch is None:
        session.execute(_WAIT, {"batch": row.id})
        return None
    if slot or row.run_lease < now + RUN_LEASE - RENEWED:
        session.execute(
            update(ScanRun)
            .where(ScanRun.id == run_id)
            .values(
                lease_until=func.greatest(ScanRun.lease_until, now + RUN_LEASE),
                titles=ScanRun.titles + (len(batch.titles) if slot else 0),
            )
        )
    return batch


def _named(session: Session, row: Row[Any], run_id: int) -> Batch:
    """A batch whose titles were known before it was claimed."""
    items = session.execute(text("SELECT id, title FROM items WHERE id = ANY(:ids)"), {"ids": row.item_ids})
    titles: dict[str, int] = {item.title: item.id for item in items}
    return Batch(row.id, run_id, row.attempts, row.group_id, row.game, titles, row.edition)


def _bound(session: Session, row: Row[Any], run_id: int, now: datetime) -> Batch | None:
    """A slot with the group it gets now, None where there is none for it."""
    cadence = Cadence(timedelta(seconds=row.interval or 0))
    bound = slots.bind(session, Slot(row.id, row.game, cadence, row.expires_at), now)
    if bound is None:
        return None
    return Batch(row.id, run_id, row.attempts, bound.group_id, row.game, bound.titles, bound.edition)


def _hold_run(session: Session, run_id: int, now: datetime | None = None) -> bool:
    """Keep a run from being ended that is running, at `now` within its time; False when it is not.

    Whoever changes a batch holds its run first, as whoever ends a run does: in the other order the two
    would wait for each other. Many may hold it at once; they take turns only where they count.
    """
    run = select(ScanRun.id).where(ScanRun.id == run_id, ScanRun.state == RunState.RUNNING)
    if now is not None:
        run = run.where(ScanRun.expires_at > now)
    return session.scalar(run.with_for_update(read=True, key_share=True)) is not None


_CLAIM = text(
    """
    UPDATE scan_batches b SET state = 'leased', lease_until = :until, attempts = b.attempts + 1
    FROM scan_runs r
    WHERE r.id = :run AND b.id = (
        SELECT id FROM scan_batches
        WHERE run_id = :run AND (state = 'planned' OR (state = 'leased' AND lease_until <= :now))
        ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
    )
    RETURNING b.id, b.attempts, b.group_id, b.edition, b.item_ids, r.game, r.interval, r.expires_at,
        r.lease_until AS run_lease
    """
)
_WAIT = text("UPDATE scan_batches SET state = 'planned', lease_until = NULL, group_id = NULL WHERE id = :batch")


def finish_batch(session: Session, batch: Batch, now: datetime, *, changed: int, nominated: int) -> bool:
    """Count a priced batch; the last one ends the run. False when another worker has it or the run has ended."""
    if not _hold_run(session, batch.run_id):
        return False
    mine = session.execute(
        update(ScanBatch)
        .where(ScanBatch.id == batch.id, ScanBatch.state == BatchState.LEASED, ScanBatch.attempts == batch.attempt)
        .values(state=BatchState.DONE, lease_until=None)
        .returning(ScanBatch.id)
    ).first()
    if mine is None:
        return False
    if batch.group_id is not None:
        # before the run is locked: whoever arranges titles has groups locked and waits for those of others
        slots.free(session, batch.group_id, batch.edition, now)
    session.execute(
        _COUNT,
        {
            "run": batch.run_id,
            "now": now,
            "lease": now + RUN_LEASE,
            "titles": len(batch.titles),
            "changed": changed,
            "nominated": nominated,
        },
    )
    return True


_COUNT = text(
    """
    UPDATE scan_runs SET
        batches_left = batches_left - 1, lease_until = :lease,
        prices_observed = prices_observed + :titles, prices_changed = prices_changed + :changed,
        nominated = nominated + :nominated,
        state = CASE WHEN batches_left = 1 THEN 'done' ELSE state END,
        finished_at = CASE WHEN batches_left = 1 THEN CAST(:now AS timestamptz) END
    WHERE id = :run
    """
)


def release_batch(session: Session, batch: Batch, now: datetime) -> None:
    """Give a batch back that could not be priced; the reaper rings for it after a moment."""
    session.execute(
        update(ScanBatch)
        .where(ScanBatch.id == batch.id, ScanBatch.state == BatchState.LEASED, ScanBatch.attempts == batch.attempt)
        .values(state=BatchState.PLANNED, lease_until=None, rung_at=now)
    )


def silent(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Runs with batches nobody works on, with how many: lost messages, dead workers, failed reads."""
    rows = session.execute(_SILENT, {"now": now, "before": now - RING_AGAIN}).all()
    return [(row.run_id, row.batches) for row in rows]


# Skips what is locked: somebody works on that, and the reaper must wait for nobody.
_SILENT = text(
    """
    WITH silent AS (
        UPDATE scan_batches SET rung_at = :now
        WHERE id IN (
            SELECT b.id FROM scan_batches b JOIN scan_runs r ON r.id = b.run_id
            WHERE r.state = 'running' AND b.rung_at <= :before
              AND (b.state = 'planned' OR (b.state = 'leased' AND b.lease_until <= :now))
            FOR UPDATE OF b SKIP LOCKED
        )
        RETURNING run_id
    )
    SELECT run_id, count(*) AS batches FROM silent GROUP BY run_id
    """
)
