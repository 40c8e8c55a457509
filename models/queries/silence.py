"""Chats that were told nothing for a day: which they are, and what is known of the reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from domain.kinds import DEALS, Kind
from domain.quiet import place_of
from domain.silence import AFTER, RARELY, decent
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState

TOLD = (*DEALS, Kind.WATCH, Kind.DIGEST, Kind.SUMMARY)  # what ends a silence


@dataclass(frozen=True, slots=True)
class Silent:
    """A chat that was told nothing since `since`, held by this transaction. `snoozed_until` is when it last rested."""

    chat_id: int
    zone: str
    since: datetime
    snoozed_until: datetime | None


def claim(session: Session, now: datetime, limit: int) -> tuple[list[Silent], int]:
    """Up to `limit` chats to look at: those whose silence is to be explained, and how many were looked at.

    A chat is looked at when it was told nothing for AFTER as far as its row says, at a decent hour of its zone, and
    neither in its quiet hours nor while it is snoozed. It is explained to at most once in AFTER; as the silence grows,
    whenever it has grown to twice as long, in the end once in RARELY. This transaction must write the explanation too:
    any number of bots may claim. A chat that was told something gets the time of that in its row, so it is looked at
    about once a day.
    """
    zones = {zone: now.astimezone(place_of(zone)) for zone in session.scalars(_ZONES)}
    awake = {zone: at for zone, at in zones.items() if decent(now, place_of(zone))}
    values = {
        "zones": list(awake),
        "minutes": [at.hour * 60 + at.minute for at in awake.values()],
        "now": now,
        "before": now - AFTER,
        "after": AFTER,
        "most": RARELY,
        "limit": limit,
    }
    rows = session.execute(_SILENT, values).all() if awake else []
    told = _told(session, [row.id for row in rows], now - AFTER)
    for chat_id, at in told.items():
        session.execute(update(Chat).where(Chat.id == chat_id).values(told_at=at))
    silent = [
        Silent(row.id, place_of(row.zone).key, row.since, row.snoozed_until) for row in rows if row.id not in told
    ]
    session.execute(update(Chat).where(Chat.id.in_([one.chat_id for one in silent])).values(explained_at=now))
    return silent, len(rows)


_ZONES = select(Chat.zone).where(Chat.state == ChatState.ACTIVE).distinct()
# Which hour it is in a zone is asked in Python alone, because the server may know other zones.
_SILENT = text(
    """
    SELECT c.id, c.zone, c.snoozed_until, greatest(coalesce(c.told_at, c.created_at), c.changed_at) AS since
    FROM chats c JOIN unnest(CAST(:zones AS text[]), CAST(:minutes AS int[])) AS z (zone, minute) ON z.zone = c.zone
    WHERE c.state = 'active' AND greatest(coalesce(c.told_at, c.created_at), c.changed_at) <= :before
        AND (c.explained_at IS NULL OR c.explained_at <= :now - least(:most, greatest(:after,
            (:now - greatest(coalesce(c.told_at, c.created_at), c.changed_at)) / 2)))
        AND (c.snoozed_until IS NULL OR c.snoozed_until <= :now)
        AND NOT coalesce(CASE WHEN c.quiet_from < c.quiet_until
            THEN z.minute >= c.quiet_from AND z.minute < c.quiet_until
            ELSE c.quiet_from <> c.quiet_until AND (z.minute >= c.quiet_from OR z.minute < c.quiet_until) END, false)
    ORDER BY c.id LIMIT :limit FOR NO KEY UPDATE OF c SKIP LOCKED
    """
)


def _told(session: Session, chat_ids: list[int], after: datetime) -> dict[int, datetime]:
    """When each of these chats was last told something since then."""
    rows = session.execute(
        select(Alert.chat_id, func.max(Alert.finished_at).label("at"))
        .where(Alert.chat_id.in_(chat_ids), Alert.finished_at > after)
        .where(Alert.state == AlertState.SENT, Alert.kind.in_(TOLD))
        .group_by(Alert.chat_id)
    )
    return {row.chat_id: row.at for row in rows}
