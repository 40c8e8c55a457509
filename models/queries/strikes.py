"""Messages that are no longer true: found when a deal changes, claimed for editing, settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import ARRAY, BigInteger, all_, literal, null, or_, select, update
from sqlalchemy.orm import Session

from domain.money import Cents
from models.alerts import Alert, AlertState
from models.chats import Chat, ChatState
from models.feedback import Feedback, Verdict
from models.opportunities import OpportunityRow, OpportunityState
from models.proof import Proof

OLDEST = timedelta(days=1)  # a message is edited while its reader may still think of it
RECORDED = (AlertState.PENDING, AlertState.HELD, AlertState.SENDING, AlertState.SENT)


@dataclass(frozen=True, slots=True)
class Strike:
    """A message to edit until `lease_until`: what it said, what its chat `said` of it, and what holds now.

    `gone_at` is None where the deal stands at another price; `proof` is then today's. `due_at` names the change.
    """

    id: int
    chat_id: int
    message_id: int
    language: str
    buy: Cents
    told_at: datetime
    proof: Proof
    gone_at: datetime | None
    gone_reason: str | None
    due_at: datetime
    lease_until: datetime
    said: Verdict | None = None


def owe(session: Session, rows: Iterable[OpportunityRow], now: datetime) -> int:
    """Note which messages about changed deals have become untrue; how many rows that touched.

    Untrue is one about a deal that is gone, or that moved to another offer or price which is not lower. One that is on
    its way counts too: it may arrive after this.
    """
    return sum(_owe(session, row, now) for row in rows)


def _owe(session: Session, row: OpportunityRow, now: datetime) -> int:
    about = [
        Alert.opportunity_id == row.id,
        Alert.state.in_(RECORDED),
        Alert.created_at > now - OLDEST,
    ]
    if row.state == OpportunityState.OPEN:
        about += [Alert.buy <= row.buy, or_(Alert.buy != row.buy, Alert.offer_id != row.offer_id)]
    untrue = update(Alert).where(*about).values(strike_due_at=now)
    return len(session.execute(untrue.returning(Alert.id)).all())


def claim(session: Session, now: datetime, lease: timedelta, limit: int, resting: Sequence[int] = ()) -> list[Strike]:
    """Take up to `limit` messages to edit, the longest untrue first, none of a chat that is `resting`.

    Dropped on the way are those of chats that cannot be reached, those that grew too old meanwhile, and those whose
    evidence cannot be read.
    """
    due = (
        select(Alert, Chat.language, Chat.state, OpportunityRow, Feedback.verdict)
        .join(Chat, Chat.id == Alert.chat_id)
        .join(OpportunityRow, OpportunityRow.id == Alert.opportunity_id)
        .outerjoin(Feedback, Feedback.alert_id == Alert.id)
        .where(
            Alert.state == AlertState.SENT,
            Alert.strike_due_at <= now,
            or_(Alert.lease_until.is_(None), Alert.lease_until <= now),
            Alert.chat_id != all_(literal(list(resting), ARRAY(BigInteger))),
        )
        .order_by(Alert.strike_due_at)
        .limit(limit)
        .with_for_update(of=Alert, skip_locked=True)
    )
    strikes = []
    for alert, language, state, row, said in session.execute(due):
        late = alert.finished_at is None or alert.finished_at <= now - OLDEST
        strike = None if late or state == ChatState.BLOCKED else _strike(alert, language, row, now + lease, said)
        alert.lease_until = strike.lease_until if strike else None
        if strike:
            strikes.append(strike)
        else:
            alert.strike_due_at = None
    return strikes


def _strike(alert: Alert, language: str, row: OpportunityRow, lease_until: datetime, said: str | None) -> Strike | None:
    try:
        proof = Proof.model_validate(row.evidence)
    except ValidationError:
        return None
    if alert.message_id is None or alert.buy is None or alert.finished_at is None or alert.strike_due_at is None:
        return None
    return Strike(
        id=alert.id,
        chat_id=alert.chat_id,
        message_id=alert.message_id,
        language=language,
        buy=alert.buy,
        told_at=alert.finished_at,
        proof=proof,
        gone_at=row.gone_at,
        gone_reason=row.gone_reason,
        due_at=alert.strike_due_at,
        lease_until=lease_until,
        said=Verdict(said) if said else None,
    )


def settle(session: Session, strike: Strike, struck_at: datetime | None) -> bool:
    """The message says what holds now, or never will (None). A change that came meanwhile stays due.

    False where the claim was lost.
    """
    changed = update(Alert).where(Alert.id == strike.id, Alert.lease_until == strike.lease_until)
    kept = {"struck_at": struck_at} if struck_at else {}
    ended = session.scalar(changed.values(lease_until=null(), **kept).returning(Alert.id))
    same = update(Alert).where(Alert.id == strike.id, Alert.strike_due_at == strike.due_at)
    session.execute(same.values(strike_due_at=null()))
    return ended is not None


def touch(session: Session, alert_id: int, now: datetime) -> None:
    """What stands below a message has changed: where it is being edited right now, it is edited once more."""
    editing = update(Alert).where(Alert.id == alert_id, Alert.strike_due_at.is_not(None), Alert.lease_until > now)
    session.execute(editing.values(strike_due_at=now))


def again(session: Session, strike: Strike, at: datetime) -> None:
    """Give a message back, to be edited from `at` on."""
    later = update(Alert).where(Alert.id == strike.id, Alert.lease_until == strike.lease_until)
    session.execute(later.values(lease_until=null(), strike_due_at=at))
