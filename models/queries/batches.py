"""Leasing the batches of a scan run and counting them home."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text, update
from sqlalchemy.orm import Session

from domain.cadence import Cadence
from models.prepared import Prepared
from models.queries import slots
from models.queries.scans import RUN_LEASE
from models.queries.slots import Slot
from models.scans import BatchState, ScanBatch

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
    row = _CLAIM.run(session, {"run": run_id, "now": now, "until": now + BATCH_LEASE}).first()
    if row is None:
        return None
    slot = row.titles is None
    batch = _bound(session, row, run_id, now) if slot else _named(row, run_id)
    if batch is None:
        session.execute(_WAIT, {"batch": row.id})
        return None
    if slot or row.run_lease < now + RUN_LEASE - RENEWED:
        added = len(batch.titles) if slot else 0
        session.execute(_RENEW, {"run": run_id, "lease": now + RUN_LEASE, "titles": added})
    return batch


def _named(row: Row[Any], run_id: int) -> Batch:
    """A batch whose titles were known before it was claimed."""
    return Batch(row.id, run_id, row.attempts, row.group_id, row.game, row.titles, row.edition)


def _bound(session: Session, row: Row[Any], run_id: int, now: datetime) -> Batch | None:
    """A slot with the group it gets now, None where there is none for it."""
    cadence = Cadence(timedelta(seconds=row.interval or 0))
    bound = slots.bind(session, Slot(row.id, row.game, cadence, row.expires_at), now)
    if bound is None:
        return None
    return Batch(row.id, run_id, row.attempts, bound.group_id, row.game, bound.titles, bound.edition)


# Whoever changes a batch holds its run first, as whoever ends a run does: in the other order the two would wait for
# each other. So the batch is looked for by the number of the run that is held. Many may hold a run at once; they take
# turns only where they count.
_CLAIM = Prepared(
    "claim_batch",
    """
    WITH run AS (
        SELECT id, game, interval, expires_at, lease_until FROM scan_runs
        WHERE id = %(run)s AND state = 'running' AND expires_at > %(now)s FOR KEY SHARE
    ), waiting AS (
        SELECT id FROM scan_batches
        WHERE run_id = (SELECT id FROM run) AND (state = 'planned' OR (state = 'leased' AND lease_until <= %(now)s))
        ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1
    )
    UPDATE scan_batches b SET state = 'leased', lease_until = %(until)s, attempts = b.attempts + 1
    FROM run r
    WHERE b.id = (SELECT id FROM waiting)
    RETURNING b.id, b.attempts, b.group_id, b.edition, r.game, r.interval, r.expires_at, r.lease_until AS run_lease,
        (SELECT json_object_agg(i.title, i.id) FROM items i WHERE i.id = ANY(b.item_ids)) AS titles
    """,
)
_WAIT = text("UPDATE scan_batches SET state = 'planned', lease_until = NULL, group_id = NULL WHERE id = :batch")
_RENEW = text(
    "UPDATE scan_runs SET lease_until = greatest(lease_until, :lease), titles = titles + :titles WHERE id = :run"
)


def finish_batch(
    session: Session, batch: Batch, now: datetime, *, changed: int, nominated: int, judged: bool = False
) -> bool:
    """Count a priced batch; the last one ends the run. False when another worker has it or the run has ended.

    Its group is free again; it is fresh, and where `judged` all of its titles were looked at for nomination, only
    while they are the same.
    """
    values = {
        "run": batch.run_id,
        "batch": batch.id,
        "attempt": batch.attempt,
        "group": batch.group_id,
        "edition": batch.edition,
        "judged": judged,
        "now": now,
        "lease": now + RUN_LEASE,
        "titles": len(batch.titles),
        "changed": changed,
        "nominated": nominated,
    }
    return _FINISH.run(session, values).first() is not None


# The run is held, the batch ended, the group freed, the run counted, in this order: each step asks for the one before.
# The group comes before the run is locked: whoever arranges titles has groups locked and waits for those of others.
_FINISH = Prepared(
    "finish_batch",
    """
    WITH run AS (
        SELECT id FROM scan_runs WHERE id = %(run)s AND state = 'running' FOR KEY SHARE
    ), mine AS (
        UPDATE scan_batches SET state = 'done', lease_until = NULL
        WHERE id = %(batch)s AND state = 'leased' AND attempts = %(attempt)s AND run_id = (SELECT id FROM run)
        RETURNING run_id
    ), freed AS (
        UPDATE item_groups SET held_until = NULL,
            observed_at = CASE WHEN edition = %(edition)s THEN greatest(observed_at, %(now)s) ELSE observed_at END,
            judged_at = CASE WHEN edition <> %(edition)s THEN NULL WHEN %(judged)s THEN %(now)s ELSE judged_at END
        WHERE id = %(group)s AND EXISTS (SELECT FROM mine)
        RETURNING id
    )
    UPDATE scan_runs SET
        batches_left = batches_left - 1, lease_until = %(lease)s,
        prices_observed = prices_observed + %(titles)s, prices_changed = prices_changed + %(changed)s,
        nominated = nominated + %(nominated)s,
        state = CASE WHEN batches_left = 1 THEN 'done' ELSE state END,
        finished_at = CASE WHEN batches_left = 1 THEN CAST(%(now)s AS timestamptz) END
    WHERE id = (SELECT run_id FROM mine WHERE (SELECT count(*) FROM freed) >= 0)
    RETURNING id
    """,
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
