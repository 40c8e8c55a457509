"""What chats want to hear of each game, as domain.filters.Filter."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.audience import fit
from domain.filters import ANY, FIELDS, Choice, Filter, Wishes, foreign
from domain.signatures import decides, of_filter, of_include
from domain.words import phrase
from models.filters import FilterRow

NAMES = tuple(name for names in FIELDS.values() for name in names)
WORDS = ("include", "exclude")
CHOICES = tuple(name for name in NAMES if isinstance(getattr(Filter(), name), frozenset))
ALWAYS = ("levels", "exits")  # choices of which none means none


def load(session: Session, chat_id: int) -> dict[str, Filter]:
    """A chat's wishes by game; none for a chat that is not known."""
    rows = session.scalars(select(FilterRow).where(FilterRow.chat_id == chat_id).order_by(FilterRow.game))
    return {row.game: _filter(row) for row in rows}


def save(session: Session, chat_id: int, game: str, wanted: Filter) -> bool:
    """Change a chat's wishes for a game; False where the chat has none to change, because it is not known.

    Raises ValueError for what the game's items do not have, and for words that are not as domain.words.phrase gives
    them: nothing would ever match.
    """
    changed = update(FilterRow).where(FilterRow.chat_id == chat_id, FilterRow.game == game)
    return session.scalar(changed.values(**columns(game, wanted)).returning(FilterRow.chat_id)) is not None


def change(session: Session, chat_id: int, make: Callable[[Wishes], Wishes]) -> Wishes:
    """Change a chat's wishes by game to what `make` makes of them, for the games that it names; all that it has then.

    Two changes at once follow one another. Raises ValueError as `save`.
    """
    rows = select(FilterRow).where(FilterRow.chat_id == chat_id).order_by(FilterRow.game).with_for_update()
    wishes = {row.game: _filter(row) for row in session.scalars(rows.execution_options(populate_existing=True))}
    changed = make(wishes)
    for game, one in changed.items():
        save(session, chat_id, game, one)
    return {**wishes, **changed}


def add(session: Session, chat_id: int, wishes: Wishes) -> None:
    """Give an active chat its first wishes; those that it has already stand."""
    rows = [{"chat_id": chat_id, "game": game, "active": True, **columns(game, one)} for game, one in wishes.items()]
    session.execute(insert(FilterRow).values(rows).on_conflict_do_nothing())


def set_active(session: Session, chat_id: int, *, active: bool) -> None:
    """Note at a chat's wishes whether it is to be told at all: to be called wherever its state changes."""
    session.execute(update(FilterRow).where(FilterRow.chat_id == chat_id).values(active=active))


def columns(game: str, wanted: Filter) -> dict[str, Any]:
    """A filter as the columns of FilterRow; ValueError as for `save`."""
    if strange := foreign(game, wanted):
        raise ValueError(f"{', '.join(sorted(strange))}: items of {game} have no such thing")
    if bad := sorted(word for name in WORDS for word in getattr(wanted, name) if not word or phrase(word) != word):
        raise ValueError(f"{bad[0]!r} must be written {phrase(bad[0])!r}")
    if empty := sorted(name for name in CHOICES if "" in getattr(wanted, name)):
        raise ValueError(f"{empty[0]}: an empty text chooses nothing, leave it out")
    values = {name: _stored(name, getattr(wanted, name)) for name in NAMES}
    bits = {"signature": of_filter(game, wanted), "word_bits": of_include(wanted), "decided": decides(wanted)}
    return {**values, **bits, "fit": fit(wanted)}


def _stored(name: str, value: Any) -> Any:
    if name not in CHOICES:
        return value
    if name in WORDS:
        value = [f"% {word} %" for word in value]
    return sorted(value) if value or name in ALWAYS else None


def _filter(row: FilterRow) -> Filter:
    return Filter(**{name: _loaded(name, getattr(row, name)) for name in NAMES})


def _loaded(name: str, value: Any) -> Any:
    if name not in CHOICES:
        return value
    return _choice(name, value) if value else ANY


def _choice(name: str, value: list[str]) -> Choice:
    return frozenset(word[2:-2] for word in value) if name in WORDS else frozenset(value)
