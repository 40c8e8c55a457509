"""The outbox's steps: written with the opportunity, handed over once, ended in a recorded state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, any_, case, func, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.filters import Filter
from domain.money import Cents
from models.alerts import Alert, AlertState
from models.chats import Chat
from models.opportunities import OpportunityRow, OpportunityState
from models.proof import Proof

CHANNEL = "skinbeat_alerts"
LIVE = (AlertState.PENDING, AlertState.SENDING)


class Reason(StrEnum):
    """Why an alert ended: what stands in `alerts.reason`, before a colon where Telegram's own words follow."""

    DELIVERED = "delivered"
    RESENT = "resent"  # delivered by the one repetition that a lost answer is worth
    GONE = "gone"  # the opportunity ended before its turn came
    MOVED = "moved"  # the opportunity has another offer or price now
    STOPPED = "stopped"  # the chat said /stop
    MERGED = "merged"  # the chat became one that has the same alert
    TOO_LATE = "too_late"
    BLOCKED = "blocked"  # the chat cannot be reached any more
    REFUSED = "refused"  # Telegram does not take this message
    UNKNOWN = "unknown"  # handed over, and no answer said whether it arrived
    UNREADABLE = "unreadable"  # the stored evidence does not fit this version of Proof


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """A row that this process may send until `lease_until`, which is also the proof that the claim is still its own.

    `attempts` counts the times it was handed over; `resent` says that one of them ended without an answer.
    """

    id: int
    chat_id: int
    chat_kind: str
    proof: Proof
    created_at: datetime
    attempts: int
    resent: bool
    lease_until: datetime


def create(
    session: Session,
    opportunity_id: int,
    offer_id: str,
    buy: Cents,
    chat_ids: Sequence[int],
    *,
    now: datetime,
    expires_at: datetime,
) -> int:
    """One pending row per chat that was not told of this offer at this price; how many there were.

    Chats are locked against a change of id until the end of the transaction, in one order. A chat that is
    not there any more is left out.
    """
    chats = (
        select(
            Chat.id,
            literal(opportunity_id),
            literal(offer_id),
            literal(buy),
            literal(AlertState.PENDING.value),
            literal(now),
            literal(expires_at),
            literal(now),
        )
        .where(Chat.id == any_(literal(list(chat_ids), ARRAY(BigInteger))))
        .order_by(Chat.id)
        .with_for_update(read=True, key_share=True)
    )
    columns = ["chat_id", "opportunity_id", "offer_id", "buy", "state", "created_at", "expires_at", "next_attempt_at"]
    rows = upsert(Alert).from_select(columns, chats)
    rows = rows.on_conflict_do_nothing(index_elements=["chat_id", "offer_id", "buy"])
    return len(session.execute(rows.returning(Alert.id)).all())


def owe_open(session: Session, chat_id: int, wanted: Filter, *, now: datetime, max_age: timedelta, limit: int) -> int:
    """A pending row for each of the best open opportunities that a chat which just came in wants; how many.

    Only what was proven within `max_age` counts, and nothing that the chat was told before.
    """
    fresh = (
        select(OpportunityRow)
        .where(OpportunityRow.state == OpportunityState.OPEN, OpportunityRow.confirmed_at > now - max_age)
        .where(OpportunityRow.game.in_(wanted.games), OpportunityRow.level.in_(wanted.levels))
        .where(OpportunityRow.net >= wanted.min_net, OpportunityRow.return_bps >= wanted.min_return_bps)
        .order_by(OpportunityRow.cents_per_day.desc(), OpportunityRow.id)
        .limit(limit)
    )
    return sum(
        create(session, row.id, row.offer_id, row.buy, [chat_id], now=now, expires_at=row.confirmed_at + max_age)
        for row in session.scalars(fresh)
    )


def waiting_chats(session: Session, opportunity_id: int) -> list[int]:
    """Chats that an alert about this opportunity is still on its way to."""
    statement = select(Alert.chat_id).where(Alert.opportunity_id == opportunity_id, Alert.state == AlertState.PENDING)
    return list(session.scalars(statement.distinct().order_by(Alert.chat_id)))


def notify(session: Session) -> None:
    """Wake the bots when this transaction commits. Postgres folds repeated calls in one transaction into one."""
    session.execute(select(func.pg_notify(CHANNEL, "")))


def mark_sending(session: Session, alert: ClaimedAlert, now: datetime, lease: timedelta) -> ClaimedAlert | None:
    """Record that the alert is about to be handed over; None when the claim was lost to another bot."""
    until = now + lease
    attempts = session.scalar(
        update(Alert)
        .where(_claimed(alert), Alert.state == AlertState.PENDING)
        .values(state=AlertState.SENDING.value, attempts=Alert.attempts + 1, lease_until=until)
        .returning(Alert.attempts)
    )
    return None if attempts is None else replace(alert, attempts=attempts, lease_until=until)


def mark_sent(session: Session, alert: ClaimedAlert, message_id: int, now: datetime) -> Reason | None:
    """Record Telegram's acceptance, whoever holds the claim by now; None when the row has ended already."""
    reason = Reason.RESENT if alert.resent else Reason.DELIVERED
    ended = session.scalar(
        update(Alert)
        .where(Alert.id == alert.id, Alert.state.in_(LIVE))
        .values(message_id=message_id, **_ended(AlertState.SENT, reason, now))
        .returning(Alert.id)
    )
    return None if ended is None else reason


def finish(
    session: Session, alert: ClaimedAlert, state: AlertState, reason: Reason, *, now: datetime, detail: str = ""
) -> bool:
    """End a claimed alert; `detail` is Telegram's text. False when the claim was lost."""
    ended = update(Alert).where(_claimed(alert)).values(**_ended(state, reason, now, detail))
    return session.scalar(ended.returning(Alert.id)) is not None


def retry_at(session: Session, alert: ClaimedAlert, at: datetime) -> bool:
    """Give a claimed alert back, to be tried from `at` on. False when the claim was lost."""
    again = (
        update(Alert)
        .where(_claimed(alert))
        .values(state=AlertState.PENDING.value, lease_until=null(), next_attempt_at=at)
    )
    return session.scalar(again.returning(Alert.id)) is not None


def release(session: Session, alert: ClaimedAlert) -> bool:
    """Give back a claimed alert that was not handed over: another bot may take it at once."""
    back = update(Alert).where(_claimed(alert), Alert.state == AlertState.PENDING).values(lease_until=null())
    return session.scalar(back.returning(Alert.id)) is not None


def expire_due(session: Session, now: datetime) -> int:
    """End every pending alert that is too old to be worth telling; how many expired untold."""
    late = (
        update(Alert)
        .where(
            Alert.state == AlertState.PENDING,
            Alert.expires_at <= now,
            or_(Alert.lease_until.is_(None), Alert.lease_until <= now),
        )
        .values(**_untold(AlertState.EXPIRED, Reason.TOO_LATE, now))
    )
    return list(session.scalars(late.returning(Alert.state))).count(AlertState.EXPIRED)


def end_pending(
    session: Session, chat_id: int, state: AlertState, reason: Reason, *, now: datetime, detail: str = ""
) -> int:
    """End what a chat still waits for, except a message that is in flight; how many there were."""
    rows = update(Alert).where(Alert.chat_id == chat_id, Alert.state == AlertState.PENDING)
    return len(session.execute(rows.values(**_untold(state, reason, now, detail)).returning(Alert.id)).all())


def _claimed(alert: ClaimedAlert) -> ColumnElement[bool]:
    own = (Alert.id == alert.id) & Alert.state.in_(LIVE)
    return own & (Alert.lease_until == alert.lease_until)


def _ended(state: AlertState, reason: Reason, now: datetime, detail: str = "") -> dict[str, object]:
    told = f"{reason.value}: {detail}" if detail else reason.value
    return {"state": state.value, "reason": told, "finished_at": now, "lease_until": null()}


def _untold(state: AlertState, reason: Reason, now: datetime, detail: str = "") -> dict[str, object]:
    """As `_ended`, for alerts that wait; of one that was handed over without an answer nobody knows what became."""
    ended, unknown = _ended(state, reason, now, detail), _ended(AlertState.FAILED, Reason.UNKNOWN, now)
    resent = Alert.reason == Reason.RESENT.value
    return {name: case((resent, unknown[name]), else_=ended[name]) for name in ("state", "reason")} | {
        name: ended[name] for name in ("finished_at", "lease_until")
    }
