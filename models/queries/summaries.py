"""What quiet hours kept from a chat: one message at their end."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from domain.kinds import Kind
from domain.quiet import quiet_window
from models.alerts import Alert
from models.items import Item
from models.opportunities import OpportunityRow, OpportunityState
from models.payloads import SummaryDeal, SummaryNews
from models.queries import alerts
from models.queries.alerts import Reason

BEST = 5  # open deals that a summary names
LASTS = timedelta(hours=12)  # a later summary of a night is nobody's news


def owe(session: Session, dropped: Iterable[Row[*tuple[Any, ...]]], now: datetime) -> None:
    """A summary at the end of the quiet hours that dropped these deals: one a chat and night, whoever asks first."""
    for row in {row.chat_id: row for row in dropped}.values():
        window = quiet_window(now, row.zone, row.quiet_from, row.quiet_until)
        if window:
            alerts.owe(
                session,
                row.chat_id,
                Kind.SUMMARY,
                window.end.isoformat(),
                {"begin": window.begin.isoformat(), "end": window.end.isoformat(), "zone": row.zone},
                now=now,
                expires_at=window.end + LASTS,
                not_before=window.end,
            )


def content(session: Session, chat_id: int, window: Mapping[str, str]) -> dict[str, Any]:
    """The window (`begin`, `end`, `zone`) with what it kept back, as true as the moment: a SummaryNews as JSON."""
    begin, end = (datetime.fromisoformat(window[name]) for name in ("begin", "end"))
    kept = select(Alert.opportunity_id).where(
        Alert.chat_id == chat_id,
        Alert.finished_at >= begin,
        Alert.finished_at < end,
        Alert.reason == Reason.QUIET.value,
        Alert.opportunity_id.is_not(None),
    )
    ids = set(session.scalars(kept))
    still = (
        select(OpportunityRow, Item.title)
        .join(Item, Item.id == OpportunityRow.item_id)
        .where(OpportunityRow.id.in_(ids), OpportunityRow.state == OpportunityState.OPEN)
        .order_by(OpportunityRow.cents_per_day.desc(), OpportunityRow.id)
    )
    standing = session.execute(still).all() if ids else []
    news = SummaryNews(
        begin=begin,
        end=end,
        zone=window["zone"],
        matched=len(ids),
        still=len(standing),
        best=tuple(_named(row, title) for row, title in standing[:BEST]),
        waiting=_waiting(session, chat_id, end),
    )
    return news.model_dump(mode="json")


def _named(row: OpportunityRow, title: str) -> SummaryDeal:
    return SummaryDeal(
        game=row.game,
        title=title,
        level=row.level,
        offer_id=row.offer_id,
        buy=row.buy,
        net=row.net,
        return_bps=row.return_bps,
    )


def _waiting(session: Session, chat_id: int, end: datetime) -> int:
    """Other messages that were written before the end of the pause and are still to come."""
    rows = select(func.count()).where(
        Alert.chat_id == chat_id,
        Alert.state.in_(alerts.WAITING),
        Alert.created_at < end,
        Alert.kind != Kind.SUMMARY.value,
        Alert.opportunity_id.is_(None),
    )
    return session.scalar(rows) or 0
