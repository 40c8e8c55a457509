"""Conditions of watches as people type them: `below 12.50`, `bid > 10`, `±5%`, `offers x2`."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from bot import typed
from bot.condition_words import MEASURES, MOVES, PERCENT, TURNS
from domain.money import ONE
from domain.watches import MOST_PIECES, Measure, Rule, Turn, WatchError, turns

Word = TypeVar("Word", Measure, Turn)

LONGEST = 400  # characters that are looked at


def _any(words: Iterable[str]) -> str:
    """An expression for one of them, the longest that fits."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,2})?"
_MEASURE = rf"(?:(?:^|\s)(?P<measure>{_any(MEASURES)}))?"
_BEFORE = rf"(?P<name>.*?){_MEASURE}"
_LIMIT = re.compile(
    rf"{_BEFORE}(?:^|\s+)(?P<turn>{_any(TURNS)})"
    rf"\s*(?P<value>\$?\s*{_NUMBER}\s*\$?)",
    re.IGNORECASE,
)
_MOVED = re.compile(
    rf"{_BEFORE}(?:^|\s+)(?:{_any(MOVES)})?\s*(?P<value>{_NUMBER})\s*(?:{_any(PERCENT)})", re.IGNORECASE
)
_TIMES = re.compile(rf"{_BEFORE}(?:^|\s+)(?P<value>[x×]\s*{_NUMBER}|{_NUMBER}\s*[x×])", re.IGNORECASE)
_FACTOR = re.compile(r"[x×]?\s*([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*[x×]?", re.IGNORECASE)


class BadConditionError(WatchError):
    """A condition that was understood and cannot be: its value is too small or too great, or no such thing changes."""

    def __init__(self, measure: Measure, turn: Turn) -> None:
        super().__init__(f"{measure} {turn}: no such watch")
        self.measure, self.turn = measure, turn


def split(text: str) -> tuple[str, Rule | None]:
    """A name and the condition that follows it; the whole text is the name where none does. BadConditionError."""
    text = " ".join(text.split())[:LONGEST]
    for shape, turn in ((_LIMIT, None), (_MOVED, Turn.MOVED), (_TIMES, Turn.TIMES)):
        found = shape.fullmatch(text)
        if found:
            named = found["measure"]
            measure = _meant(MEASURES, named) if named else _usual(turn)
            return found["name"].strip(), rule(measure, turn or _meant(TURNS, found["turn"]), found["value"])
    return text, None


def _meant(table: Mapping[str, Word], typed_word: str) -> Word:
    """What a word that was found means. Asked of `re` again: it also takes signs for letters that lower() leaves."""
    return next(one for word, one in table.items() if re.fullmatch(re.escape(word), typed_word, re.IGNORECASE))


def rule(measure: Measure, turn: Turn, text: str) -> Rule:
    """The rule with a typed value; BadConditionError where there is none."""
    number = mark(measure, turn, text)
    try:
        return Rule(measure, turn, number or 0)
    except WatchError:
        raise BadConditionError(measure, turn) from None


def mark(measure: Measure, turn: Turn, text: str) -> int | None:
    """A typed value in the unit of Rule; None for one that cannot be read or a turn that the measure does not know."""
    text = text.strip().removeprefix("±")
    if turn not in turns(measure):
        return None
    if turn is Turn.MOVED:
        return typed.basis_points(text)
    if turn is Turn.TIMES:
        return _factor(text)
    return typed.cents(text) if measure.is_price else typed.count(text, MOST_PIECES)


def _usual(turn: Turn | None) -> Measure:
    """What is meant where nothing is named: the cheapest offer, and of numbers those on offer."""
    return Measure.ASKS if turn is Turn.TIMES else Measure.ASK


def _factor(text: str) -> int | None:
    read = _FACTOR.fullmatch(text.strip())
    return int(read[1]) * ONE + int((read[2] or "").ljust(2, "0")) * ONE // 100 if read else None
