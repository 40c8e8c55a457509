"""Finding titles by what people type: some words in any order, shorthands, typing mistakes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Integer, Numeric, Select, cast, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from domain.games import GAMES
from domain.money import ONE, BasisPoints
from models.items import Item

LONGEST = 120  # characters of a text that are looked at
MOST_WORDS = 8
CANDIDATES = 1_500  # ranked at most: a word that thousands of titles have tells nothing about which is meant
STRICT, LOOSE = "0.5", "0.35"  # how alike a word must be to a part of the title, as pg_trgm counts it
EXTERIORS = {
    "fn": "Factory New",
    "mw": "Minimal Wear",
    "ft": "Field-Tested",
    "ww": "Well-Worn",
    "bs": "Battle-Scarred",
}
_SPOKEN = {exterior.lower().replace("-", " "): short for short, exterior in EXTERIORS.items()}
_SPELLED_OUT = re.compile(rf"\b({'|'.join(_SPOKEN)})\b")
_STATTRAK = {"st", "stattrak"}
_EMPTY = {"of", "the"}  # in ten thousand titles of one game
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A title that may be meant; `score` is how well it fits in basis points, 10,000 for one that has every word."""

    item_id: int
    game: str
    title: str
    score: BasisPoints


@dataclass(frozen=True, slots=True)
class Wish:
    """What a text asks for: words that the title should resemble, and parts that it must contain as they are."""

    words: tuple[str, ...]
    parts: tuple[str, ...] = ()


def find(session: Session, text: str, game: str | None = None, limit: int = 8) -> list[Found]:
    """Titles that `text` may mean, the best first, the exact one before all; of one game key or of all.

    Looked for with less and less of the text until something is found: words as typed, words only roughly like it,
    any exterior, one word too many. Changes pg_trgm's threshold for the rest of the transaction.
    """
    whole = _storable(text).strip()
    text = whole[:LONGEST].strip()
    found: list[Found] = []
    # the planner takes comparing words for as cheap as comparing numbers, and would do it for every title
    _set(session, "enable_seqscan", "off")
    for wish, likeness in _attempts(understood(text)):
        _set(session, "pg_trgm.word_similarity_threshold", likeness)
        if found := [Found(*row) for row in session.execute(_ranked(wish, game, limit))]:
            break
    _set(session, "enable_seqscan", "on")
    exact = [Found(*row) for row in session.execute(_exact(whole, game))]
    ids = {one.item_id for one in exact}
    return [*exact, *(one for one in found if one.item_id not in ids)][:limit]


def _set(session: Session, name: str, value: str) -> None:
    """Until the end of the transaction."""
    session.execute(select(func.set_config(name, value, True)))


def _storable(text: str) -> str:
    """Without what PostgreSQL has no text for: NUL and halves of surrogate pairs."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def understood(text: str) -> Wish:
    """Shorthands and whole names of exteriors and of StatTrak become parts; signs and case do not count."""
    spaced = _NO_WORD.sub(" ", text.replace("™", "").lower()).strip()
    typed = list(dict.fromkeys(_SPELLED_OUT.sub(lambda name: _SPOKEN[name[0]], spaced).split()))[:MOST_WORDS]
    parts = [f"({EXTERIORS[word]})" for word in typed if word in EXTERIORS]
    if _STATTRAK.intersection(typed):
        parts.append("StatTrak™")
    words = [word for word in typed if word not in EXTERIORS and word not in _STATTRAK and word not in _EMPTY]
    telling = [word for word in words if len(word) > 1]
    return Wish(tuple(telling or words), tuple(parts))


def _attempts(wish: Wish) -> Iterator[tuple[Wish, str]]:
    """What to look for, one after another, with the likeness that each asks for."""
    if not wish.words and not wish.parts:
        return
    yield wish, STRICT
    if wish.words:
        yield wish, LOOSE
    if wish.words and wish.parts:
        yield replace(wish, parts=()), STRICT
    if len(wish.words) > 1:
        for extra in wish.words:
            yield replace(wish, words=tuple(word for word in wish.words if word != extra)), STRICT


def _ranked(wish: Wish, game: str | None, limit: int) -> Select[int, str, str, int]:
    """Word by word the most alike first; of those the ones that say least beyond what was asked for."""
    alike = select(Item.id, Item.game, Item.title).where(*_fits(wish, game))
    if wish.words and wish.parts:  # words first: they are rare, and parts cost the index more than they save
        rare = alike.cte("alike").prefix_with("MATERIALIZED", dialect="postgresql")
        alike = select(rare).where(*(rare.c.title.contains(part, autoescape=True) for part in wish.parts))
    some = alike.limit(CANDIDATES).subquery()
    score = _score(wish.words, some.c.title).label("score")
    whole = func.similarity(" ".join((*wish.words, *wish.parts)), some.c.title)
    ranked = select(some.c.id, some.c.game, some.c.title, score)
    return ranked.order_by(score.desc(), whole.desc(), some.c.title, some.c.id).limit(limit)


def _fits(wish: Wish, game: str | None) -> Iterator[ColumnElement[bool]]:
    for word in wish.words:
        yield literal(word).op("<%", is_comparison=True)(Item.title)
    for part in () if wish.words else wish.parts:
        yield Item.title.contains(part, autoescape=True)
    if game:
        yield Item.game == game


def _score(words: Sequence[str], title: ColumnElement[str]) -> ColumnElement[int]:
    if not words:
        return literal(ONE, Integer)
    likeness = sum((func.word_similarity(word, title) for word in words), start=literal(0))
    return cast(func.round(cast(likeness, Numeric) * ONE / len(words)), Integer)


def _exact(text: str, game: str | None) -> Select[int, str, str, int]:
    exact = select(Item.id, Item.game, Item.title, literal(ONE)).where(Item.title == text)
    return exact.where(Item.game.in_([game] if game else list(GAMES))).order_by(Item.id)
