"""Leasing the batches of a scan run and counting them home."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from models.queries.scans import RUN_LEASE
from models.scans import BatchState, ScanBatch, ScanRun

BATCH_LEASE = timedelta(seconds=45)
RING_AGAIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Batch:
    """A leased batch. `attempt` fences it: only the worker of the newest attempt may finish it."""

    id: int
    run_id: int
    attempt: int
    group_id: int | None
    game: str
    titles: dict[str, int]


def claim_batch(session: Session, run_id: int, now: datetime) -> Batch | None:
    """Lease a batch of a run that nobody works on, the longest waiting first; None when nothing is left."""
    row = session.execute(_CLAIM, {"run": run_id, "now": now, "until": now + BATCH_LEASE}).first()
    if row is None:
        return None
    session.execute(
        update(ScanRun)
        .where(ScanRun.id == run_id)
        .values(lease_until=func.greatest(ScanRun.lease_until, now + RUN_LEASE))
    )
    titles: dict[str, int] = {
        title: item_id
        for item_id, title in session.execute(
            text("SELECT id, title FROM items WHERE id = ANY(:ids)"), {"ids": row.item_ids}
        ).tuples()
    }
    return Batch(row.id, run_id, row.attempts, row.group_id, row.game, titles)


_CLAIM = text(
    """
    UPDATE scan_batches b SET state = 'leased', lease_until = :until, attempts = b.attempts + 1
    FROM scan_runs r
    WHERE r.id = b.run_id AND b.id = (
        SELECT o.id FROM scan_batches o JOIN scan_runs w ON w.id = o.run_id
        WHERE o.run_id = :run AND w.state = 'running' AND w.expires_at > :now
          AND (o.state = 'planned' OR (o.state = 'leased' AND o.lease_until <= :now))
        ORDER BY o.id FOR UPDATE OF o SKIP LOCKED LIMIT 1
    )
    RETURNING b.id, b.attempts, b.group_id, b.item_ids, r.game
    """
)


def finish_batch(session: Session, batch: Batch, now: datetime, *, changed: int, nominated: int) -> bool:
    """Count a priced batch; the last one ends the run. False when another worker has taken it over."""
    mine = session.execute(
        update(ScanBatch)
        .where(ScanBatch.id == batch.id, ScanBatch.state == BatchState.LEASED, ScanBatch.attempts == batch.attempt)
        .values(state=BatchState.DONE, lease_until=None)
        .returning(ScanBatch.id)
    ).first()
    if mine is None:
        return False
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
    if batch.group_id is not None:
        session.execute(
            text("UPDATE item_groups SET observed_at = greatest(observed_at, :now) WHERE id = :group"),
            {"now": now, "group": batch.group_id},
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


_SILENT = text(
    """
    WITH silent AS (
        UPDATE scan_batches b SET rung_at = :now
        FROM scan_runs r
        WHERE r.id = b.run_id AND r.state = 'running' AND b.rung_at <= :before
          AND (b.state = 'planned' OR (b.state = 'leased' AND b.lease_until <= :now))
        RETURNING b.run_id
    )
    SELECT run_id, count(*) AS batches FROM silent GROUP BY run_id
    """
)
