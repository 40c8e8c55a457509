"""Which messages a bot may send next: due, still true, wanted now, one at a time for each chat."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ARRAY, BigInteger, Row, Select, all_, and_, case, func, literal, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from domain.kinds import DEALS, Kind, Loudness
from domain.noise import Ruling, Why
from domain.turns import Lane, lanes
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.manners import Manner
from models.mutes import Mute
from models.opportunities import OpportunityRow, OpportunityState
from models.proof import Proof
from models.queries import holding, pauses, summaries
from models.queries.alerts import LIVE, ClaimedAlert, Reason

CLAIM_LOCK = 0x534B4243  # any fixed number: "SKBC"
WINDOW = 20  # due rows looked at in one claim beyond the messages that may be taken

Columns = tuple[Any, ...]
Ending = tuple[AlertState, Reason]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one look at the outbox gave: messages to send, and how many ended without being sent and why.

    `held` is how many were put off to the end of a pause.
    """

    alerts: list[ClaimedAlert] = field(default_factory=list)
    endings: Counter[Ending] = field(default_factory=Counter)
    held: int = 0


def claim(session: Session, now: datetime, lease: timedelta, limit: int, resting: Sequence[int] = ()) -> Claim:
    """Take up to `limit` messages by turn (domain.turns), at most one a chat and none of a chat that is `resting`.

    A chat of which any bot holds a message is passed over, so that what it asked for (domain.noise) is kept exactly.
    Messages that are no longer true, too old or not wanted end here; some wait for the end of a pause. One that was
    handed over without an answer is taken once more when its lease ends. Claims run one after another: two at once
    could each take a message of the same chat.
    """
    session.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
    found = _Found(now, limit)
    for lane in lanes(now):
        if lane is not Lane.EDITS and len(found.taken) < limit:
            rows = session.execute(_due(now, resting, lane, WINDOW + limit)).all()
            found.sort(rows, pauses.rulings(session, [row for row in rows if not _ending(row, now)], now))
    alerts, unreadable = _read(session, found.taken, now + lease)
    if unreadable:
        found.ending[AlertState.FAILED, Reason.UNREADABLE] = unreadable
    _lease(session, [alert.id for alert in alerts], now + lease)
    for (state, reason), ids in found.ending.items():
        _end(session, ids, state, reason, now)
    held = holding.hold(session, found.held)
    summaries.owe(session, found.quiet, now)
    return Claim(alerts, Counter({end: len(ids) for end, ids in found.ending.items()}), held)


class _Found:
    """Due rows sorted by what becomes of them."""

    def __init__(self, now: datetime, limit: int) -> None:
        self._now = now
        self._limit = limit
        self._chats: set[int] = set()
        self.taken: list[Row[*Columns]] = []
        self.ending: dict[Ending, list[int]] = {}
        self.held: list[holding.Held] = []
        self.quiet: list[Row[*Columns]] = []  # deals that quiet hours dropped

    def sort(self, rows: Iterable[Row[*Columns]], rulings: dict[int, Ruling]) -> None:
        for row in rows:
            end = _ending(row, self._now)
            if end:
                self.ending.setdefault(end, []).append(row.id)
            elif row.chat_id not in self._chats and len(self.taken) < self._limit:
                self._rule(row, rulings[row.id])

    def _rule(self, row: Row[*Columns], ruling: Ruling) -> None:
        if ruling.why is None:
            self._chats.add(row.chat_id)
            self.taken.append(row)
        elif _resent(row):
            # It may have arrived; nothing that the chat asked for makes it untold.
            self.ending.setdefault((AlertState.FAILED, Reason.UNKNOWN), []).append(row.id)
        elif ruling.until:
            self.held.append(holding.Held(row.id, row.priority, ruling.until))
        else:
            self.ending.setdefault((AlertState.SUPPRESSED, Reason(ruling.why.value)), []).append(row.id)
            if ruling.why is Why.QUIET and row.kind in DEALS:
                self.quiet.append(row)


def _due(now: datetime, resting: Sequence[int], lane: Lane, most: int) -> Select[*Columns]:
    """The next rows of a lane with all that decides on them. Chosen first, joined then: whatever the server knows of
    how many rows there are, it must not join them all.
    """
    # Said so that the index of leases is the only one that fits, whatever the server knows of how much waits.
    held = select(Alert.chat_id).where(Alert.state != AlertState.SENT, Alert.lease_until > now)
    chosen = (
        select(Alert)
        .where(
            Alert.state.in_(LIVE),
            Alert.bulk.is_(lane is Lane.BULK),
            Alert.next_attempt_at <= now,
            Alert.chat_id.not_in(held),
            Alert.chat_id != all_(literal(list(resting), ARRAY(BigInteger))),
        )
        .order_by(Alert.turn_at, Alert.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return _joined(aliased(Alert, chosen), now)


def _joined(due: type[Alert], now: datetime) -> Select[*Columns]:
    """Rows of the outbox with their chat, what it asked for, and their deal."""
    mute = and_(
        Mute.chat_id == due.chat_id,
        Mute.item_id == OpportunityRow.item_id,
        or_(Mute.until.is_(None), Mute.until > now),
    )
    return (
        select(
            due.id,
            due.chat_id,
            due.kind,
            due.payload,
            due.told,
            due.silent,
            due.priority,
            due.opportunity_id,
            due.offer_id,
            due.buy,
            due.state,
            due.reason,
            due.created_at,
            due.expires_at,
            due.attempts,
            Chat.kind.label("chat_kind"),
            Chat.state.label("chat_state"),
            Chat.thread_id,
            Chat.language,
            Chat.zone,
            Chat.snoozed_until,
            Chat.quiet_from,
            Chat.quiet_until,
            Chat.daily_cap,
            Manner.loudness,
            Manner.cooldown_seconds,
            Mute.chat_id.is_not(None).label("muted"),
            OpportunityRow.state.label("opportunity_state"),
            OpportunityRow.offer_id.label("offer_now"),
            OpportunityRow.buy.label("buy_now"),
        )
        .join(Chat, Chat.id == due.chat_id)
        .outerjoin(OpportunityRow, OpportunityRow.id == due.opportunity_id)
        .outerjoin(Manner, and_(Manner.chat_id == due.chat_id, Manner.kind == due.kind))
        .outerjoin(Mute, mute)
        .order_by(due.turn_at, due.id)
    )


def _ending(row: Row[*Columns], now: datetime) -> Ending | None:
    untrue = _untrue(row, now)
    twice = row.state == AlertState.SENDING and row.reason == Reason.RESENT
    if not _resent(row):
        return untrue
    # Handed over once without an answer: it may have arrived, so "gone" or "expired" could be a lie.
    return (AlertState.FAILED, Reason.UNKNOWN) if untrue or twice else None


def _resent(row: Row[*Columns]) -> bool:
    """Whether it was handed over before, and no answer came."""
    return bool(row.state == AlertState.SENDING or row.reason == Reason.RESENT)


def _untrue(row: Row[*Columns], now: datetime) -> Ending | None:
    if row.expires_at <= now:
        return AlertState.EXPIRED, Reason.TOO_LATE
    if row.chat_state == ChatState.BLOCKED:
        return AlertState.FAILED, Reason.BLOCKED
    if row.chat_state == ChatState.STOPPED:
        return AlertState.SUPPRESSED, Reason.STOPPED
    return _outdated(row) if row.opportunity_id is not None else None


def _outdated(row: Row[*Columns]) -> Ending | None:
    if row.opportunity_state != OpportunityState.OPEN:
        return AlertState.SUPPRESSED, Reason.GONE
    if (row.offer_now, row.buy_now) != (row.offer_id, row.buy):
        return AlertState.SUPPRESSED, Reason.MOVED
    return None


def _read(
    session: Session, rows: Iterable[Row[*Columns]], lease_until: datetime
) -> tuple[list[ClaimedAlert], list[int]]:
    """The rows with their evidence, and the ids of those whose evidence cannot be read."""
    deals = {row.opportunity_id for row in rows if row.opportunity_id is not None}
    query = select(OpportunityRow.id, OpportunityRow.evidence).where(OpportunityRow.id.in_(deals))
    evidence = {row.id: row.evidence for row in session.execute(query)} if deals else {}
    alerts: list[ClaimedAlert] = []
    unreadable: list[int] = []
    for row in rows:
        try:
            proof = Proof.model_validate(evidence[row.opportunity_id]) if row.opportunity_id is not None else None
        except ValidationError:
            unreadable.append(row.id)
            continue
        alerts.append(_claimed(row, proof, _payload(session, row), lease_until))
    return alerts, unreadable


def _payload(session: Session, row: Row[*Columns]) -> dict[str, Any]:
    """What a message says besides a deal's proof; a summary's is as true as the moment."""
    if row.kind == Kind.SUMMARY:
        return summaries.content(session, row.chat_id, row.payload)
    return row.payload or {}


def _claimed(row: Row[*Columns], proof: Proof | None, payload: dict[str, Any], lease_until: datetime) -> ClaimedAlert:
    return ClaimedAlert(
        id=row.id,
        chat_id=row.chat_id,
        chat_kind=row.chat_kind,
        thread_id=row.thread_id,
        language=row.language,
        kind=Kind(row.kind),
        proof=proof,
        payload=payload,
        told=row.told,
        silent=row.silent or row.loudness == Loudness.SILENT,
        created_at=row.created_at,
        attempts=row.attempts,
        resent=_resent(row),
        lease_until=lease_until,
        opportunity_id=row.opportunity_id,
    )


def _lease(session: Session, ids: list[int], until: datetime) -> None:
    """Hold the rows. They stay pending until they are handed over; a former unanswered try is remembered."""
    remembered = case((Alert.state == AlertState.SENDING, Reason.RESENT.value), else_=Alert.reason)
    if ids:
        rows = update(Alert).where(Alert.id.in_(ids))
        session.execute(rows.values(state=AlertState.PENDING.value, reason=remembered, lease_until=until))


def _end(session: Session, ids: list[int], state: AlertState, reason: Reason, now: datetime) -> None:
    rows = update(Alert).where(Alert.id.in_(ids))
    session.execute(rows.values(state=state.value, reason=reason.value, finished_at=now, lease_until=null()))
