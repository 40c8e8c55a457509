"""Alerts that ended unsent although their deal still stands, put back to be sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, and_, func, null, or_, select, update
from sqlalchemy.orm import Session

from domain.kinds import DEALS
from domain.turns import turn_at
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.opportunities import OpportunityRow, OpportunityState
from models.queries.alerts import Reason

# What ended an alert without Telegram ever having it, and does not hold any more once the cause is mended: it waited
# too long for Telegram or a bot, or the version of the program then could not read it. "unknown" is not among them:
# such a message may have arrived, and so may one that was handed over before it could not be read.
UNSENT = or_(
    Alert.reason == Reason.TOO_LATE.value,
    and_(func.split_part(Alert.reason, ":", 1) == Reason.UNREADABLE.value, Alert.attempts == 0),
)
ENDED = (AlertState.EXPIRED, AlertState.FAILED)


class Fate(StrEnum):
    """What becomes of an alert that ended unsent."""

    BACK = "back"  # it is put back, or would be
    GONE = "gone"  # its deal has ended
    MOVED = "moved"  # its deal has another offer or price now
    UNPROVEN = "unproven"  # its deal was not confirmed lately
    LEFT = "left"  # its chat said /stop or cannot be reached


@dataclass(frozen=True, slots=True)
class Replay:
    """How many alerts had each fate."""

    fates: Counter[Fate]


def replay(session: Session, since: datetime, now: datetime, max_age: timedelta, *, really: bool) -> Replay:
    """Put alerts that ended since then back where their deal is open, unchanged and was proven within `max_age`.

    The row itself waits again, so a chat that has the same deal by another row cannot exist: the key is unique.
    Without `really` nothing is changed. The bots are not woken by this: call alerts.notify.
    """
    rows = _ended(session, since, lock=really)
    fates = [(row, _fate(row, now - max_age)) for row in rows]
    if really:
        for row in (row for row, fate in fates if fate is Fate.BACK):
            _put_back(session, row, now, max_age)
    return Replay(Counter(fate for _, fate in fates))


def _ended(session: Session, since: datetime, *, lock: bool) -> Sequence[Row[*tuple[object, ...]]]:
    """What ended unsent; chats and deals are read under the same lock, in the order of the alerts."""
    query = (
        select(
            Alert.id,
            Alert.priority,
            Alert.offer_id,
            Alert.buy,
            Chat.state.label("chat_state"),
            OpportunityRow.state.label("deal_state"),
            OpportunityRow.offer_id.label("offer_now"),
            OpportunityRow.buy.label("buy_now"),
            OpportunityRow.confirmed_at,
        )
        .join(Chat, Chat.id == Alert.chat_id)
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .where(
            Alert.state.in_(ENDED),
            UNSENT,
            Alert.kind.in_(DEALS),
            Alert.message_id.is_(None),
            Alert.finished_at >= since,
        )
        .order_by(Alert.id)
    )
    return session.execute(query.with_for_update(of=Alert, skip_locked=True) if lock else query).all()


def _fate(row: Row[*tuple[object, ...]], proven: datetime) -> Fate:
    if row.chat_state != ChatState.ACTIVE:
        return Fate.LEFT
    if row.deal_state != OpportunityState.OPEN:
        return Fate.GONE
    if (row.offer_now, row.buy_now) != (row.offer_id, row.buy):
        return Fate.MOVED
    return Fate.BACK if row.confirmed_at > proven else Fate.UNPROVEN


def _put_back(session: Session, row: Row[*tuple[object, ...]], now: datetime, max_age: timedelta) -> None:
    session.execute(
        update(Alert)
        .where(Alert.id == row.id, Alert.state.in_(ENDED))
        .values(
            state=AlertState.PENDING.value,
            reason=null(),
            finished_at=null(),
            lease_until=null(),
            next_attempt_at=now,
            turn_at=turn_at(now, row.priority),
            expires_at=row.confirmed_at + max_age,
        )
    )
