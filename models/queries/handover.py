"""The steps of a claimed message: handed over once, ended in a recorded state, or given back."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import case, null, or_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.kinds import DEALS, Kind
from models.alerts import Alert, AlertState
from models.chats import Chat
from models.queries.alerts import LIVE, WAITING, ClaimedAlert, Reason

NEWS = DEALS | {Kind.WATCH, Kind.DIGEST, Kind.SUMMARY}  # after which a chat cannot say that it was told nothing


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
    if alert.kind in NEWS:  # the chat before the alert: the order in which all lock them
        session.execute(update(Chat).where(Chat.id == alert.chat_id).values(told_at=now))
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
            Alert.state.in_(WAITING),
            Alert.expires_at <= now,
            or_(Alert.lease_until.is_(None), Alert.lease_until <= now),
        )
        .values(**_untold(AlertState.EXPIRED, Reason.TOO_LATE, now))
    )
    return list(session.scalars(late.returning(Alert.state))).count(AlertState.EXPIRED)


def end_pending(
    session: Session,
    chat_id: int,
    state: AlertState,
    reason: Reason,
    *,
    now: datetime,
    detail: str = "",
    begins: str = "",
) -> int:
    """End what a chat still waits for, except a message that is in flight; how many there were.

    With `begins` only what has a key that begins so.
    """
    rows = update(Alert).where(Alert.chat_id == chat_id, Alert.state.in_(WAITING))
    rows = rows.where(Alert.key.startswith(begins, autoescape=True)) if begins else rows
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
