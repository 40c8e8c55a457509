"""Which alerts a bot may send next: due, still true, one at a time for each chat."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ARRAY, BigInteger, Row, Select, all_, case, func, literal, null, select, update
from sqlalchemy.orm import Session

from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.opportunities import OpportunityRow, OpportunityState
from models.proof import Proof
from models.queries.alerts import LIVE, ClaimedAlert, Reason

CLAIM_LOCK = 0x534B4243  # any fixed number: "SKBC"
WINDOW = 200  # due rows looked at in one claim

Columns = tuple[Any, ...]
Ending = tuple[AlertState, Reason]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one look at the outbox gave: alerts to send, and how many ended without being sent and why."""

    alerts: list[ClaimedAlert] = field(default_factory=list)
    endings: Counter[Ending] = field(default_factory=Counter)


def claim(session: Session, now: datetime, lease: timedelta, limit: int, resting: Sequence[int] = ()) -> Claim:
    """Take up to `limit` alerts, oldest first, at most one a chat and none of a chat that is `resting`.

    A chat of which any bot holds an alert is passed over, so its alerts stay in order. Alerts that are no
    longer true or too old end here. One that was handed over without an answer is taken once more when its
    lease ends. Claims run one after another: two at once could each take an alert of the same chat.
    """
    session.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
    taken: list[Row[*Columns]] = []
    ending: dict[Ending, list[int]] = {}
    chats: set[int] = set()
    for row in session.execute(_due(now, resting)):
        end = _ending(row, now)
        if end:
            ending.setdefault(end, []).append(row.id)
        elif row.chat_id not in chats and len(taken) < limit:
            chats.add(row.chat_id)
            taken.append(row)
    alerts, unreadable = _read(session, taken, now + lease)
    if unreadable:
        ending[AlertState.FAILED, Reason.UNREADABLE] = unreadable
    _lease(session, [alert.id for alert in alerts], now + lease)
    for (state, reason), ids in ending.items():
        _end(session, ids, state, reason, now)
    return Claim(alerts, Counter({end: len(ids) for end, ids in ending.items()}))


def _due(now: datetime, resting: Sequence[int]) -> Select[*Columns]:
    held = select(Alert.chat_id).where(Alert.state.in_(LIVE), Alert.lease_until > now)
    return (
        select(
            Alert.id,
            Alert.chat_id,
            Alert.opportunity_id,
            Alert.offer_id,
            Alert.buy,
            Alert.state,
            Alert.reason,
            Alert.created_at,
            Alert.expires_at,
            Alert.attempts,
            Chat.kind,
            Chat.state.label("chat_state"),
            OpportunityRow.state.label("opportunity_state"),
            OpportunityRow.offer_id.label("offer_now"),
            OpportunityRow.buy.label("buy_now"),
        )
        .join(Chat, Chat.id == Alert.chat_id)
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .where(
            Alert.state.in_(LIVE),
            Alert.next_attempt_at <= now,
            Alert.chat_id.not_in(held),
            Alert.chat_id != all_(literal(list(resting), ARRAY(BigInteger))),
        )
        .order_by(Alert.next_attempt_at, Alert.id)
        .limit(WINDOW)
        .with_for_update(of=Alert, skip_locked=True)
    )


def _ending(row: Row[*Columns], now: datetime) -> Ending | None:
    untrue = _untrue(row, now)
    twice = row.state == AlertState.SENDING and row.reason == Reason.RESENT
    if row.state == AlertState.PENDING and row.reason != Reason.RESENT:
        return untrue
    # Handed over once without an answer: it may have arrived, so "gone" or "expired" could be a lie.
    return (AlertState.FAILED, Reason.UNKNOWN) if untrue or twice else None


def _untrue(row: Row[*Columns], now: datetime) -> Ending | None:
    if row.expires_at <= now:
        return AlertState.EXPIRED, Reason.TOO_LATE
    if row.chat_state == ChatState.BLOCKED:
        return AlertState.FAILED, Reason.BLOCKED
    if row.chat_state == ChatState.STOPPED:
        return AlertState.SUPPRESSED, Reason.STOPPED
    if row.opportunity_state != OpportunityState.OPEN:
        return AlertState.SUPPRESSED, Reason.GONE
    if (row.offer_now, row.buy_now) != (row.offer_id, row.buy):
        return AlertState.SUPPRESSED, Reason.MOVED
    return None


def _read(
    session: Session, rows: Iterable[Row[*Columns]], lease_until: datetime
) -> tuple[list[ClaimedAlert], list[int]]:
    """The rows with their evidence, and the ids of those whose evidence cannot be read."""
    by_opportunity = {row.opportunity_id for row in rows}
    query = select(OpportunityRow.id, OpportunityRow.evidence).where(OpportunityRow.id.in_(by_opportunity))
    evidence = {row.id: row.evidence for row in session.execute(query)} if by_opportunity else {}
    alerts: list[ClaimedAlert] = []
    unreadable: list[int] = []
    for row in rows:
        try:
            proof = Proof.model_validate(evidence[row.opportunity_id])
        except ValidationError:
            unreadable.append(row.id)
            continue
        resent = row.state == AlertState.SENDING or row.reason == Reason.RESENT
        alerts.append(
            ClaimedAlert(row.id, row.chat_id, row.kind, proof, row.created_at, row.attempts, resent, lease_until)
        )
    return alerts, unreadable


def _lease(session: Session, ids: list[int], until: datetime) -> None:
    """Hold the rows. They stay pending until they are handed over; a former unanswered try is remembered."""
    remembered = case((Alert.state == AlertState.SENDING, Reason.RESENT.value), else_=Alert.reason)
    if ids:
        rows = update(Alert).where(Alert.id.in_(ids))
        session.execute(rows.values(state=AlertState.PENDING.value, reason=remembered, lease_until=until))


def _end(session: Session, ids: list[int], state: AlertState, reason: Reason, now: datetime) -> None:
    rows = update(Alert).where(Alert.id.in_(ids))
    session.execute(rows.values(state=state.value, reason=reason.value, finished_at=now, lease_until=null()))
