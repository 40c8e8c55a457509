"""Who sits in which group of titles, and seating those of like worth together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.seating import Seat
from models.items import FORGOTTEN

_LAYOUT_LOCK = 0x534B4C59  # any fixed number; the game's name is hashed beside it
_ROWS = 2_000  # held in memory at a time


def lock_layout(session: Session, game: str, *, change: bool = False) -> None:
    """Until the transaction ends, who is in which group of a game stays, or (`change`) is looked at by nobody else.

    It is taken before any row of `items` or `item_groups` is locked.
    """
    mode = "" if change else "_shared"
    session.execute(
        text(f"SELECT pg_advisory_xact_lock{mode}(:layout, hashtext(:game))"), {"layout": _LAYOUT_LOCK, "game": game}
    )


def revive(session: Session, game: str, now: datetime) -> None:
    """Let groups be read whose titles the catalogue had forgotten before their first price, and has again."""
    session.execute(_REVIVE, {"game": game, "since": now - FORGOTTEN})


_REVIVE = text(
    """
    UPDATE item_groups g SET worth = 1 WHERE game = :game AND worth = 0 AND observed_at IS NULL
        AND EXISTS (SELECT FROM items i WHERE i.group_id = g.id AND i.last_seen_at > :since)
    """
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Who sits where among the groups of a game that were read, and when each group (by id) was."""

    seats: Sequence[Seat]
    observed_at: Mapping[int, datetime]


def layout(session: Session, game: str, worths: Mapping[int, int], now: datetime, newcomer: int) -> Layout:
    """`worths` by item id; a title without is worth `newcomer`, one the catalogue forgot is worth nothing."""
    rows = session.execute(_SEATS, {"game": game, "since": now - FORGOTTEN}, execution_options={"yield_per": _ROWS})
    seats = [Seat(row.id, row.group_id, worths.get(row.id, newcomer) if row.living else 0) for row in rows]
    groups = session.execute(_READ, {"game": game})
    return Layout(seats, {row.id: row.observed_at for row in groups})


_SEATS = text(
    """
    SELECT i.id, i.group_id, i.last_seen_at > :since AS living
    FROM items i JOIN item_groups g ON g.id = i.group_id
    WHERE i.game = :game AND g.observed_at IS NOT NULL
    ORDER BY i.id
    """
)
_READ = text("SELECT id, observed_at FROM item_groups WHERE game = :game AND observed_at IS NOT NULL")


def seat(session: Session, former: Layout, placed: Mapping[int, int], now: datetime) -> int:
    """Move the titles to the groups they are `placed` in and write what the groups are now; how many moved.

    A group that got others is as old as the oldest of what its titles were in, and all of them are to be judged.
    """
    moves = [one for one in former.seats if placed[one.item_id] != one.group_id]
    session.execute(
        _MOVE,
        {"ids": [one.item_id for one in moves], "groups": [placed[one.item_id] for one in moves]},
    )
    rows = _groups(former, placed)
    session.execute(
        _WRITE,
        {
            "ids": [row.id for row in rows],
            "sizes": [row.size for row in rows],
            "worths": [row.worth for row in rows],
            "ages": [row.observed_at for row in rows],
            "changed": [row.changed for row in rows],
            "now": now,
        },
    )
    return len(moves)


@dataclass(frozen=True, slots=True)
class _Group:
    id: int
    size: int
    worth: int
    observed_at: datetime
    changed: bool


def _groups(former: Layout, placed: Mapping[int, int]) -> list[_Group]:
    members: dict[int, list[Seat]] = defaultdict(list)
    changed: set[int] = set()
    for one in former.seats:
        group = placed[one.item_id]
        members[group].append(one)
        if group != one.group_id:
            changed |= {group, one.group_id}
    return [
        _Group(
            group,
            len(members[group]),
            _mean([one.worth for one in members[group] if one.worth]),
            min((former.observed_at[one.group_id] for one in members[group]), default=observed_at),
            group in changed,
        )
        for group, observed_at in sorted(former.observed_at.items())
    ]


def _mean(worths: Sequence[int]) -> int:
    """At least 1 while any title is left."""
    return max(sum(worths) // len(worths), 1) if worths else 0


_MOVE = text(
    """
    UPDATE items i SET group_id = m.group_id
    FROM unnest(CAST(:ids AS bigint[]), CAST(:groups AS bigint[])) AS m (id, group_id) WHERE i.id = m.id
    """
)
_WRITE = text(
    """
    UPDATE item_groups g SET
        size = n.size, worth = n.worth, arranged_at = :now, edition = g.edition + CAST(n.changed AS int),
        observed_at = CASE WHEN n.changed THEN n.observed_at ELSE g.observed_at END,
        judged_at = CASE WHEN NOT n.changed THEN g.judged_at END
    FROM unnest(
        CAST(:ids AS bigint[]), CAST(:sizes AS smallint[]), CAST(:worths AS int[]), CAST(:ages AS timestamptz[]),
        CAST(:changed AS boolean[])
    ) AS n (id, size, worth, observed_at, changed)
    WHERE g.id = n.id
    """
)


def to_arrange(session: Session, game: str) -> bool:
    """Whether a group was read whose titles were never arranged, and none waits for its first reading."""
    row = session.execute(_TO_ARRANGE, {"game": game}).one()
    return bool(row.fresh and not row.unread)


_TO_ARRANGE = text(
    """
    SELECT bool_or(observed_at IS NOT NULL AND arranged_at IS NULL) AS fresh,
        bool_or(observed_at IS NULL AND worth > 0) AS unread
    FROM item_groups WHERE game = :game
    """
)
