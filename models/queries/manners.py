"""How a chat wants each kind of message, and which titles it does not want to hear of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, null, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.kinds import Kind, Loudness
from models.items import Item
from models.manners import Manner
from models.mutes import Mute


@dataclass(frozen=True, slots=True)
class Manners:
    """Of one kind of message to one chat."""

    loudness: Loudness = Loudness.LOUD
    cooldown: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Muted:
    """A title that is muted until then, None for good."""

    item_id: int
    game: str
    title: str
    until: datetime | None


def read(session: Session, chat_id: int) -> dict[Kind, Manners]:
    """Every kind with how the chat wants it."""
    rows = session.scalars(select(Manner).where(Manner.chat_id == chat_id))
    own = {Kind(row.kind): Manners(Loudness(row.loudness), timedelta(seconds=row.cooldown_seconds)) for row in rows}
    return {kind: own.get(kind, Manners()) for kind in Kind}


def change(
    session: Session,
    chat_id: int,
    kind: Kind,
    *,
    loudness: Loudness | None = None,
    cooldown: timedelta | None = None,
) -> None:
    """Set what is given of one kind, in whole seconds; the chat must be known."""
    given: dict[str, object] = {}
    if loudness is not None:
        given["loudness"] = loudness.value
    if cooldown is not None:
        given["cooldown_seconds"] = int(cooldown.total_seconds())
    row = insert(Manner).values(chat_id=chat_id, kind=kind.value, **given)
    if given:
        session.execute(row.on_conflict_do_update(index_elements=["chat_id", "kind"], set_=given))


def mute(session: Session, chat_id: int, item_id: int, until: datetime | None) -> None:
    """No deal of this title before `until`, None for good. What is muted longer stays so."""
    row = insert(Mute).values(chat_id=chat_id, item_id=item_id, until=until)
    longer = null() if until is None else case((Mute.until.is_(None), null()), else_=func.greatest(Mute.until, until))
    session.execute(row.on_conflict_do_update(index_elements=["chat_id", "item_id"], set_={"until": longer}))


def unmute(session: Session, chat_id: int, item_id: int) -> bool:
    """Hear of a title again; False when it was not muted."""
    gone = delete(Mute).where(Mute.chat_id == chat_id, Mute.item_id == item_id)
    return session.scalar(gone.returning(Mute.item_id)) is not None


def muted(session: Session, chat_id: int, now: datetime) -> list[Muted]:
    """The titles that are muted now, by name."""
    rows = (
        select(Item.id, Item.game, Item.title, Mute.until)
        .join(Mute, Mute.item_id == Item.id)
        .where(Mute.chat_id == chat_id, or_(Mute.until.is_(None), Mute.until > now))
        .order_by(Item.title, Item.id)
    )
    return [Muted(*row) for row in session.execute(rows)]
