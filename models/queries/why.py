"""What became of a title for one chat: the last decision, whether a deal stood, who was told and who was not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.money import BasisPoints, Cents
from models.alerts import Alert, AlertState
from models.items import Item
from models.opportunities import OpportunityRow
from models.queries.market import Judged, Quote, judged, quote_of
from models.verification import Nominee

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Past:
    """The latest deal on a title: its amounts as last verified, open while `gone_at` is None."""

    opportunity_id: int
    game: str
    level: str
    exit: str
    buy: Cents
    net: Cents
    return_bps: BasisPoints
    opened_at: datetime
    confirmed_at: datetime
    gone_at: datetime | None
    gone_reason: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An alert about the title that this chat was owed, how it ended (docs/alerts.md, states) and when."""

    buy: Cents
    state: str
    reason: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Why:
    """All that answers "why was I (not) told of it?". `judged` is None for a title that was never looked at closely,
    `waits_since` while it waits for that. `told` are this chat's alerts, newest first; `others` counts the other
    chats that were told of `last`.
    """

    item_id: int
    game: str
    title: str
    quote: Quote | None
    judged: Judged | None
    waits_since: datetime | None
    last: Past | None
    told: tuple[Told, ...]
    others: int


def why(session: Session, item_id: int, chat_id: int) -> Why | None:
    """What is recorded about a title, None for one that does not exist."""
    item = session.get(Item, item_id)
    if item is None:
        return None
    last = _last(session, item_id)
    return Why(
        item_id=item_id,
        game=item.game,
        title=item.title,
        quote=quote_of(session, item),
        judged=judged(session, item_id),
        waits_since=session.scalar(select(Nominee.nominated_at).where(Nominee.item_id == item_id)),
        last=last,
        told=_told(session, item_id, chat_id),
        others=_others(session, last.opportunity_id, chat_id) if last else 0,
    )


def _last(session: Session, item_id: int) -> Past | None:
    row = OpportunityRow
    columns = (row.id, row.game, row.level, row.exit, row.buy, row.net, row.return_bps)
    times = (row.opened_at, row.confirmed_at, row.gone_at, row.gone_reason)
    latest = select(*columns, *times).where(row.item_id == item_id)
    # the open one before all, else the one that ended last
    found = session.execute(latest.order_by(row.gone_at.desc().nulls_first(), row.id.desc()).limit(1)).first()
    return Past(*found) if found else None


def _told(session: Session, item_id: int, chat_id: int) -> tuple[Told, ...]:
    query = (
        select(
            func.coalesce(Alert.buy, OpportunityRow.buy), Alert.state, Alert.reason, Alert.created_at, Alert.finished_at
        )
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .where(OpportunityRow.item_id == item_id, Alert.chat_id == chat_id)
        .order_by(Alert.id.desc())
        .limit(SHOWN)
    )
    return tuple(Told(*row) for row in session.execute(query))


def _others(session: Session, opportunity_id: int, chat_id: int) -> int:
    told = select(func.count(Alert.chat_id.distinct())).where(Alert.opportunity_id == opportunity_id)
    return session.scalar(told.where(Alert.chat_id != chat_id, Alert.state == AlertState.SENT)) or 0
