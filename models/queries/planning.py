"""What a scan run consists of: batches of the game's groups or of a level, or slots that get a group when claimed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.cadence import Cadence, Pulses
from domain.levels import HIGHEST, Level
from models.items import FORGOTTEN


def batches(session: Session, run_id: int, game: str, now: datetime, level: Level | None) -> Sequence[int]:
    """A batch for each group or each hundred titles of a level; returns how many titles each has."""
    statement = _LEVEL_BATCHES if level else _GROUP_BATCHES
    band = {"low": level.low, "most": level.high - (level.high < HIGHEST)} if level else {}
    values = {"run": run_id, "game": game, "now": now, "since": now - FORGOTTEN, **band}
    return session.scalars(statement, values).all()


def slots(session: Session, run_id: int, game: str, now: datetime, every: timedelta) -> Pulses:
    """As many slots as groups, rung for over the interval; those that were never read are waited for at once."""
    groups = session.execute(_GROUPS, {"game": game, "since": now - FORGOTTEN}).one()
    pulses = Cadence(every).pulses(groups.living, groups.unread)
    delays = [now + delay for delay, count in pulses for _ in range(count)]
    session.execute(_SLOTS, {"run": run_id, "at": delays})
    return pulses


_GROUPS = text(
    """
    SELECT count(*) AS living, count(*) FILTER (WHERE observed_at IS NULL) AS unread
    FROM item_groups WHERE game = :game
      AND id IN (SELECT group_id FROM items WHERE game = :game AND last_seen_at > :since)
    """
)
_SLOTS = text(
    """
    INSERT INTO scan_batches (run_id, item_ids, state, rung_at)
    SELECT :run, '{}', 'planned', at FROM unnest(CAST(:at AS timestamptz[])) WITH ORDINALITY AS slot (at, place)
    ORDER BY place
    """
)
_GROUP_BATCHES = text(
    """
    INSERT INTO scan_batches (run_id, group_id, edition, item_ids, state, rung_at)
    SELECT :run, g.id, g.edition, array_agg(i.id ORDER BY i.id), 'planned', :now
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
