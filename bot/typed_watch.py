"""Conditions of watches as people type them: `below 12.50`, `bid > 10`, `±5%`, `offers x2`."""

import re
from collections.abc import Mapping

from bot import typed
from domain.money import ONE
from domain.watches import MOST_PIECES, Measure, Rule, Turn, WatchError, turns

LONGEST = 400  # characters that are looked at
_TURNS: Mapping[str, Turn] = {
    **dict.fromkeys(("below", "under", "<", "<=", "≤", "ниже", "до", "unter", "debajo"), Turn.BELOW),
    **dict.fromkeys(("above", "over", ">", ">=", "≥", "выше", "от", "über", "encima"), Turn.ABOVE),
}
_MEASURES: Mapping[str, Measure] = {
    **dict.fromkeys(("ask", "price", "offer"), Measure.ASK),
    **dict.fromkeys(("bid",), Measure.BID),
    **dict.fromkeys(("offers", "asks", "volume"), Measure.ASKS),
    **dict.fromkeys(("bids", "orders"), Measure.BIDS),
}
_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,2})?"
_MEASURE = rf"(?:(?:^|\s)(?P<measure>{'|'.join(_MEASURES)}))?"
_BEFORE = rf"(?P<name>.*?){_MEASURE}"
_LIMIT = re.compile(
    rf"{_BEFORE}(?:^|\s+)(?P<turn>{'|'.join(map(re.escape, sorted(_TURNS, key=len, reverse=True)))})"
    rf"\s*(?P<value>\$?\s*{_NUMBER}\s*\$?)",
    re.IGNORECASE,
)
_MOVED = re.compile(rf"{_BEFORE}(?:^|\s+)(?:±|\+/?-)?\s*(?P<value>{_NUMBER}\s*%)", re.IGNORECASE)
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
            measure = _MEASURES[named.lower()] if named else _usual(turn)
            return found["name"].strip(), rule(measure, turn or _TURNS[found["turn"].lower()], found["value"])
    return text, None


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
