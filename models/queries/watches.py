"""A chat's own watches. Every call names the chat, so nobody reaches another's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.watches import MOST_WATCHES, Measure, Rule, Stand, TooManyWatchesError, Turn, marks
from models.chats import Chat
from models.items import Item
from models.queries import sightings
from models.watches import Watch

SETTLED = timedelta(seconds=10)  # after which a price that was on its way when a watch was made is stored


@dataclass(frozen=True, slots=True)
class Added:
    """The watch, and whether it is `new`: the same one twice is one."""

    id: int
    new: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A watch as its chat sees it. `base` is what its measure was at `base_at`, when it was last armed or fired."""

    id: int
    game: str
    title: str
    item_id: int
    rule: Rule
    armed: bool
    base: int | None
    base_at: datetime | None
    fired: int
    fired_at: datetime | None
    snoozed_until: datetime | None


def add(session: Session, chat_id: int, item_id: int, rule: Rule, now: datetime) -> Added:
    """Let a known chat watch a title; one that is true by the last price fires at once.

    Raises TooManyWatchesError, and IntegrityError for a chat or a title that is not there.
    """
    session.execute(select(Chat.id).where(Chat.id == chat_id).with_for_update(key_share=True))
    former = select(Watch.id).where(Watch.chat_id == chat_id, Watch.item_id == item_id, *_is(rule))
    if found := session.scalar(former):
        return Added(found, new=False)
    if (session.scalar(select(func.count()).where(Watch.chat_id == chat_id)) or 0) >= MOST_WATCHES:
        raise TooManyWatchesError
    values = {"chat_id": chat_id, "item_id": item_id, "created_at": now, **_fresh(rule, now)}
    watch_id = session.scalars(insert(Watch).values(values).returning(Watch.id)).one()
    sightings.look(session, [item_id])
    return Added(watch_id, new=True)


def listed(session: Session, chat_id: int) -> list[Listed]:
    """The chat's watches by title."""
    rows = session.execute(_LISTED.where(Watch.chat_id == chat_id).order_by(Item.title, Watch.id))
    return [_listed(watch, game, title) for watch, game, title in rows]


def one(session: Session, chat_id: int, watch_id: int) -> Listed | None:
    """The chat's watch of that number, None where it has none."""
    row = session.execute(_LISTED.where(*_own(chat_id, watch_id))).first()
    return _listed(*row) if row else None


_LISTED = select(Watch, Item.game, Item.title).join(Item, Item.id == Watch.item_id)


def change(session: Session, chat_id: int, watch_id: int, rule: Rule, now: datetime) -> list[int]:
    """Let a watch wait for something else from now on; none where the chat has no such watch.

    Returned are the watches whose firings so far are of the past (queries.firings.withdraw): this one, and one that had
    the rule already, whose place it takes.
    """
    watch = session.scalars(select(Watch).where(*_own(chat_id, watch_id)).with_for_update()).one_or_none()
    if watch is None:
        return []
    twin = (Watch.chat_id == chat_id, Watch.item_id == watch.item_id, Watch.id != watch_id, *_is(rule))
    replaced = session.scalars(delete(Watch).where(*twin).returning(Watch.id)).all()
    session.execute(update(Watch).where(Watch.id == watch_id).values(**_fresh(rule, now)))
    sightings.look(session, [watch.item_id])
    return [watch_id, *replaced]


def remove(session: Session, chat_id: int, watch_id: int) -> bool:
    """Forget a watch; False where the chat has no such watch."""
    return session.scalar(delete(Watch).where(*_own(chat_id, watch_id)).returning(Watch.id)) is not None


def snooze(session: Session, chat_id: int, watch_id: int, until: datetime | None) -> bool:
    """Leave a watch alone until then, None to end that; False where the chat has no such watch.

    When the time is over, the price of that moment counts.
    """
    values = {"snoozed_until": until, "look_at": until, "seen": None, "seen_at": None}
    watch = update(Watch).where(*_own(chat_id, watch_id)).values(values)
    item_id = session.scalar(watch.returning(Watch.item_id))
    if item_id is not None:
        sightings.look(session, [item_id])
    return item_id is not None


def look_again(session: Session, chat_id: int, now: datetime) -> None:
    """Have the prices of now looked at for a chat that comes back: what changed while it was away was not."""
    session.execute(update(Watch).where(Watch.chat_id == chat_id, Watch.look_at.is_(None)).values(look_at=now))


def follow(session: Session, old_id: int, new_id: int) -> None:
    """Give a chat's watches to the chat that it became, except those that one has already."""
    session.execute(_FOLLOW, {"old": old_id, "new": new_id})


_FOLLOW = text(
    """
    UPDATE watches w SET chat_id = :new WHERE w.chat_id = :old AND NOT EXISTS (
        SELECT FROM watches o WHERE o.chat_id = :new
            AND (o.item_id, o.measure, o.turn, o.mark) = (w.item_id, w.measure, w.turn, w.mark)
    )
    """
)


def _own(chat_id: int, watch_id: int) -> tuple[ColumnElement[bool], ...]:
    return Watch.id == watch_id, Watch.chat_id == chat_id


def _is(rule: Rule) -> tuple[ColumnElement[bool], ...]:
    return Watch.measure == rule.measure.value, Watch.turn == rule.turn.value, Watch.mark == rule.mark


def _fresh(rule: Rule, now: datetime) -> dict[str, object]:
    """The columns of a watch that has seen nothing yet."""
    first = marks(rule, Stand())
    return {
        "measure": rule.measure.value,
        "turn": rule.turn.value,
        "mark": rule.mark,
        "armed": True,
        "base": None,
        "base_at": None,
        "at_most": first.at_most,
        "at_least": first.at_least,
        "seen": None,
        "seen_at": None,
        "snoozed_until": None,
        "look_at": now + SETTLED,
    }


def _listed(watch: Watch, game: str, title: str) -> Listed:
    return Listed(
        id=watch.id,
        game=game,
        title=title,
        item_id=watch.item_id,
        rule=Rule(Measure(watch.measure), Turn(watch.turn), watch.mark),
        armed=watch.armed,
        base=watch.base,
        base_at=watch.base_at,
        fired=watch.fired,
        fired_at=watch.fired_at,
        snoozed_until=watch.snoozed_until,
    )
