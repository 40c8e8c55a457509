"""The outbox's steps: written with the opportunity, handed over once, ended in a recorded state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypedDict

from sqlalchemy import ARRAY, BigInteger, any_, func, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from domain.kinds import BULK, Kind, Loudness
from domain.money import Cents
from domain.turns import deal_priority, turn_at, usual_priority
from models.alerts import Alert, AlertState
from models.chats import Chat
from models.manners import Manner
from models.opportunities import OpportunityRow
from models.proof import Proof
from models.queries import matching

CHANNEL = "skinbeat_alerts"
LIVE = (AlertState.PENDING, AlertState.SENDING)
WAITING = (AlertState.PENDING, AlertState.HELD)


class _Terms(TypedDict):
    not_before: datetime | None
    priority: int | None
    silent: bool


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
    CANCELLED = "cancelled"  # who wrote it, or who asked to be told, took it back
    UNREADABLE = "unreadable"  # what is stored does not fit this version of the program
    OFF = "off"  # the rest are those of domain.noise.Why
    MUTED = "muted"
    QUIET = "quiet"
    SNOOZED = "snoozed"
    CAPPED = "capped"
    COOLDOWN = "cooldown"


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """A row that this process may send until `lease_until`, which is also the proof that the claim is still its own.

    A deal has its `proof`, every other kind its `payload`. `told` is how many chats hear of the deal, None where that
    is not said. `attempts` counts the times it was handed over; `resent` says that one of them ended without an
    answer. `silent` makes no sound.
    """

    id: int
    chat_id: int
    chat_kind: str
    thread_id: int | None
    language: str
    kind: Kind
    proof: Proof | None
    payload: Mapping[str, Any]
    told: int | None
    silent: bool
    created_at: datetime
    attempts: int
    resent: bool
    lease_until: datetime
    opportunity_id: int | None = None


def create(
    session: Session,
    opportunity_id: int,
    offer_id: str,
    buy: Cents,
    chat_ids: Sequence[int],
    *,
    now: datetime,
    expires_at: datetime,
    told: int | None = None,
) -> int:
    """One pending row per chat that was not told of this offer at this price; how many there were.

    `told` is what the alert says of how many others hear of it, None to say nothing. Chats are locked against a
    change of id until the end of the transaction, in one order. A chat that is not there any more is left out.
    """
    deal = session.get_one(OpportunityRow, opportunity_id)
    values = _new(Kind(deal.exit), deal_key(offer_id, buy), deal_priority(deal.cents_per_day), now, expires_at)
    values |= {"opportunity_id": opportunity_id, "offer_id": offer_id, "buy": buy, "told": told}
    return _insert(session, chat_ids, values)


def deal_key(offer_id: str, buy: Cents) -> str:
    """What makes a deal the same to a chat: the offer and its price."""
    return f"deal:{offer_id}:{buy}"


def owe(
    session: Session,
    chat_id: int,
    kind: Kind,
    key: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    expires_at: datetime,
    not_before: datetime | None = None,
    priority: int | None = None,
    silent: bool = False,
) -> bool:
    """A message of another kind; False where the chat had one with this key, wants none or is not there.

    `payload` is JSON: values, which the kind's renderer puts into words when the message is sent. `key` is unique per
    chat and kind. `priority` is 0 to 9 (domain.turns), the kind's usual one without. `silent` makes no sound.
    It waits until `not_before`. The bots are not woken by this: call `notify`.
    """
    more: _Terms = {"not_before": not_before, "priority": priority, "silent": silent}
    return bool(owe_all(session, [chat_id], kind, key, payload, now=now, expires_at=expires_at, **more))


def owe_all(
    session: Session,
    chat_ids: Sequence[int],
    kind: Kind,
    key: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    expires_at: datetime,
    not_before: datetime | None = None,
    priority: int | None = None,
    silent: bool = False,
) -> int:
    """The same message to many chats, as `owe` for each; how many rows there are now more."""
    chosen = usual_priority(kind) if priority is None else priority
    values = _new(kind, key_of(kind, key), chosen, now, expires_at) | {"payload": dict(payload), "silent": silent}
    if not_before and not_before > now:
        values |= _held(chosen, not_before)
    return _insert(session, chat_ids, values)


def _held(priority: int, until: datetime) -> dict[str, Any]:
    """Later counts from later: what a pause has kept back does not stand before all that came meanwhile."""
    return {"state": AlertState.HELD.value, "next_attempt_at": until, "turn_at": turn_at(until, priority)}


def key_of(kind: Kind, key: str) -> str:
    """The key of a message that is no deal, as its row has it."""
    return f"{kind}:{key}"


def _new(kind: Kind, key: str, priority: int, now: datetime, expires_at: datetime) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "key": key,
        "priority": priority,
        "bulk": kind in BULK,
        "turn_at": turn_at(now, priority),
        "silent": False,
        "state": AlertState.PENDING.value,
        "created_at": now,
        "expires_at": expires_at,
        "next_attempt_at": now,
    }


def _insert(session: Session, chat_ids: Sequence[int], values: Mapping[str, Any]) -> int:
    """A row with these values for each chat that is there, wants the kind and has none with the key."""
    off = select(Manner.chat_id).where(
        Manner.chat_id == Chat.id, Manner.kind == values["kind"], Manner.loudness == Loudness.OFF.value
    )
    columns = Alert.__table__.c
    chats = (
        select(Chat.id, *(literal(value, columns[name].type) for name, value in values.items()))
        .where(Chat.id == any_(literal(list(chat_ids), ARRAY(BigInteger))), ~off.exists())
        .order_by(Chat.id)
        .with_for_update(read=True, key_share=True, of=Chat)
    )
    rows = upsert(Alert).from_select(["chat_id", *values], chats)
    rows = rows.on_conflict_do_nothing(index_elements=["chat_id", "key"])
    return len(session.execute(rows.returning(Alert.id)).all())


def owe_open(session: Session, chat_id: int, *, now: datetime, max_age: timedelta, limit: int) -> int:
    """A pending row for each of the best open opportunities that a chat which just came in wants; how many.

    Only what was proven within `max_age` counts, and nothing that the chat was told before.
    """
    fresh = matching.open_deals(session, chat_id, now, now - max_age, limit)
    return sum(
        create(session, row.id, row.offer_id, row.buy, [chat_id], now=now, expires_at=row.confirmed_at + max_age)
        for row in fresh
    )


def waiting_chats(session: Session, opportunity_id: int) -> list[int]:
    """Chats that an alert about this opportunity is still on its way to."""
    statement = select(Alert.chat_id).where(Alert.opportunity_id == opportunity_id, Alert.state.in_(WAITING))
    return list(session.scalars(statement.distinct().order_by(Alert.chat_id)))


def waiting(session: Session, most: int) -> int:
    """How many messages wait for their turn now, at most so many, without those that let all others pass."""
    pending = select(literal(1)).where(Alert.bulk.is_(False), Alert.state.in_(LIVE)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(pending)) or 0


def notify(session: Session) -> None:
    """Wake the bots when this transaction commits. Postgres folds repeated calls in one transaction into one."""
    session.execute(select(func.pg_notify(CHANNEL, "")))
