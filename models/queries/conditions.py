"""Keeping what workers see of their parts, and summing it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.conditions import Condition, Trouble, troubles
from models.conditions import ConditionRow
from models.items import Item
from models.prices import Price

ALIVE = timedelta(seconds=20)  # a worker reports every 5 seconds, at the slowest every 12
FORGOTTEN = timedelta(minutes=10)  # what ended workers said


@dataclass(frozen=True, slots=True)
class Standing:
    """What the workers say together. `workers` are those that reported lately, `seen_at` is the last report of any."""

    workers: int = 0
    seen_at: datetime | None = None
    troubles: tuple[Trouble, ...] = ()


def report(session: Session, process: str, seen: Sequence[Condition], now: datetime) -> None:
    """Replace what `process` said before and forget those that ended; one short statement each."""
    names = ("process", "part", "seen_at", "good_at", "since", "reason")
    rows = [
        (
            process,
            str(one.part),
            now,
            one.good_at,
            one.since if one.degraded else None,
            one.reason if one.degraded else None,
        )
        for one in seen
    ]
    if rows:
        statement = insert(ConditionRow).values([dict(zip(names, row, strict=True)) for row in sorted(rows)])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[ConditionRow.process, ConditionRow.part],
                set_={name: statement.excluded[name] for name in names[2:]},
            )
        )
    session.execute(delete(ConditionRow).where(ConditionRow.seen_at <= now - FORGOTTEN))


def standing(session: Session, now: datetime) -> Standing:
    """How the parts stand according to all workers that reported within ALIVE."""
    rows = session.scalars(select(ConditionRow).where(ConditionRow.seen_at > now - ALIVE)).all()
    seen = [
        Condition(row.part, row.good_at, since=row.since, reason=row.reason, degraded=row.since is not None)
        for row in sorted(rows, key=lambda row: (row.part, row.process))
    ]
    return Standing(
        workers=len({row.process for row in rows}),
        seen_at=session.scalar(select(func.max(ConditionRow.seen_at))),
        troubles=tuple(troubles(seen)),
    )


def title_on_offer(session: Session, games: Sequence[str]) -> tuple[str, str] | None:
    """The title with the most offers among these games, with its game; None where no price is known."""
    row = session.execute(
        select(Item.game, Item.title)
        .join(Price, Price.item_id == Item.id)
        .where(Item.game.in_(games), Price.ask_count > 0)
        .order_by(Price.ask_count.desc(), Item.id)
        .limit(1)
    ).first()
    return (row.game, row.title) if row else None
