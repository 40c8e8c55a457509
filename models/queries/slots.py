"""Which group a slot of a scheduled run prices: decided when a worker claims it, by what is known at that moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.cadence import REST, Cadence
from models.items import FORGOTTEN
from models.prepared import Prepared
from models.queries.groups import lock_layout


@dataclass(frozen=True, slots=True)
class Bound:
    """What a slot became: a group with the titles of it that the catalogue still has, and the edition they are of.

    `titles` are item ids by title.
    """

    group_id: int
    edition: int
    titles: dict[str, int]


@dataclass(frozen=True, slots=True)
class Slot:
    """A leased batch without a group, of a run that ends at `expires_at`."""

    batch_id: int
    game: str
    cadence: Cadence
    expires_at: datetime


def bind(session: Session, slot: Slot, now: datetime) -> Bound | None:
    """Give a slot the group that is most worth reading now and keep it from others until the run ends.

    First a group that was never read; in every second slot then the one that is overdue for longest; then by worth
    times age among those not read within REST; then the oldest. None where open batches have them all.
    """
    lock_layout(session, slot.game)
    values = {
        "batch": slot.batch_id,
        "game": slot.game,
        "now": now,
        "until": slot.expires_at,
        "since": now - FORGOTTEN,
        "rested": now - REST,
        "overdue": now - slot.cadence.overdue if slot.batch_id % 2 == 0 else None,
    }
    while (row := _BIND.run(session, values).first()) is not None:
        if row.item_ids:
            return Bound(row.group_id, row.edition, dict(zip(row.titles, row.item_ids, strict=True)))
        session.execute(_EMPTY, {"group": row.group_id})
    return None


# Whoever comes second at a group sees it held once the first has committed, and passes it over until then.
_BIND = Prepared(
    "bind_slot",
    """
    WITH chosen AS (
        SELECT id FROM item_groups
        WHERE game = %(game)s AND worth > 0 AND (held_until IS NULL OR held_until <= %(now)s)
        ORDER BY observed_at IS NULL DESC,
            CASE WHEN observed_at <= CAST(%(overdue)s AS timestamptz) THEN observed_at END,
            CASE WHEN observed_at <= %(rested)s THEN worth * extract(epoch FROM %(now)s - observed_at) ELSE 0 END DESC,
            observed_at, id
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ), held AS (
        UPDATE item_groups g SET held_until = %(until)s FROM chosen WHERE g.id = chosen.id RETURNING g.id, g.edition
    ), known AS (
        SELECT coalesce(array_agg(i.id ORDER BY i.id), '{}') AS ids, array_agg(i.title ORDER BY i.id) AS titles
        FROM items i WHERE i.group_id = (SELECT id FROM held) AND i.last_seen_at > %(since)s
    )
    UPDATE scan_batches b SET group_id = held.id, edition = held.edition, item_ids = known.ids
    FROM held, known WHERE b.id = %(batch)s
    RETURNING b.group_id, b.edition, b.item_ids, known.titles
    """,
)
_EMPTY = text("UPDATE item_groups SET worth = 0, held_until = NULL WHERE id = :group")
