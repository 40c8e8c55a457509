"""What the prices that met watches become: a message owed, a watch that is armed again, or a first base."""

from datetime import datetime, timedelta

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from domain.kinds import Kind
from domain.watches import Measure, Rule, Stand, Step, Turn, marks, step
from models.alerts import AlertState
from models.chats import Chat, ChatState
from models.items import Item
from models.payloads import WatchNews
from models.queries import alerts, handover, sightings
from models.queries.alerts import Reason
from models.watches import Watch

Taken = Row[Watch, str, str, str]

LASTS = timedelta(hours=24)  # how long a firing is worth telling, quiet hours included


def settle(session: Session, now: datetime, limit: int) -> int:
    """Let up to `limit` watches take the prices they saw, the first seen first; how many did.

    Several bots at once take different ones. A watch that fired, its message and its new marks are one transaction,
    and its key names the firing: told once. What has become of the price meanwhile is looked at in the same breath.
    """
    taken = session.execute(
        select(Watch, Item.game, Item.title, Chat.state)
        .join(Item, Item.id == Watch.item_id)
        .join(Chat, Chat.id == Watch.chat_id)
        .where(Watch.seen.is_not(None))
        .order_by(Watch.seen_at, Watch.id)
        .limit(limit)
        .with_for_update(of=Watch, skip_locked=True)
    ).all()
    owed = [_take(session, row, now) for row in taken]
    session.flush()
    sightings.look(session, sorted({row.Watch.item_id for row in taken}))
    if any(owed):
        alerts.notify(session)
    return len(taken)


def withdraw(session: Session, chat_id: int, watch_id: int, now: datetime) -> int:
    """Take back what a watch owes its chat and was not handed over yet, as in quiet hours; how many there were.

    Called behind the removal or the change of the watch in the same transaction, after which its rule fires no more.
    """
    theirs = f"{Kind.WATCH}:{watch_id}:"
    return handover.end_pending(session, chat_id, AlertState.SUPPRESSED, Reason.CANCELLED, now=now, begins=theirs)


def look_due(session: Session, now: datetime, limit: int) -> int:
    """Look at the prices of watches that asked for it (models.watches): new ones, ends of a snooze; how many did."""
    found = session.execute(_LOOK_DUE, {"now": now, "limit": limit}).scalars().all()
    sightings.look(session, sorted(set(found)))
    return len(found)


_LOOK_DUE = text(
    """
    UPDATE watches SET look_at = NULL, snoozed_until = CASE WHEN snoozed_until > :now THEN snoozed_until END
    WHERE id IN (
        SELECT id FROM watches WHERE look_at <= :now ORDER BY look_at LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    RETURNING item_id
    """
)


def _take(session: Session, row: Taken, now: datetime) -> bool:
    """Whether it owes a message. A chat that is not told of anything keeps its watch as it was."""
    watch: Watch = row.Watch
    rule, owed = _rule(watch), False
    if rule and row.state == ChatState.ACTIVE:
        done = step(rule, Stand(watch.armed, watch.base), watch.seen)
        if done.fired:
            owed = _tell(session, row, done.former, now)
        _keep(watch, rule, done)
    watch.seen = watch.seen_at = None
    return owed


def _rule(watch: Watch) -> Rule | None:
    """None for one that this version does not know: it must not stop those behind it."""
    try:
        return Rule(Measure(watch.measure), Turn(watch.turn), watch.mark)
    except ValueError:
        return None


def _tell(session: Session, row: Taken, former: int | None, now: datetime) -> bool:
    watch: Watch = row.Watch
    watch.fired += 1
    watch.fired_at = now
    news = WatchNews(
        watch_id=watch.id,
        game=row.game,
        title=row.title,
        measure=watch.measure,
        turn=watch.turn,
        mark=watch.mark,
        value=watch.seen or 0,
        seen_at=watch.seen_at or now,
        former=former,
        former_at=watch.base_at,
    )
    payload, key = news.model_dump(mode="json"), f"{watch.id}:{watch.fired}"
    return alerts.owe(session, watch.chat_id, Kind.WATCH, key, payload, now=now, expires_at=now + LASTS)


def _keep(watch: Watch, rule: Rule, done: Step) -> None:
    if done.fired or done.stand != Stand(watch.armed, watch.base):
        watch.base_at = watch.seen_at
    following = marks(rule, done.stand)
    watch.armed, watch.base = done.stand.armed, done.stand.base
    watch.at_most, watch.at_least = following.at_most, following.at_least
