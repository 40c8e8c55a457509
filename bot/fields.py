"""The fields of a filter as screens see them: which values there are, and how one is put into a filter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from bot import typed
from bot.typed import Range
from domain.exits import ExitKind
from domain.filters import COMMON, FIELDS, FLAGS, OF_GAME, Choice, Condition, Filter
from domain.levels import LEVELS
from domain.traits import CHOICES, MILLIONTHS

MOST = 30  # entries of a list that was typed
NEEDED = frozenset({Condition.LEVEL, Condition.EXIT})  # of these none chosen would mean that nothing fits


class Form(StrEnum):
    CHOICE = "choice"  # some of the values that there are
    LIST = "list"  # entries that are typed
    AMOUNT = "amount"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Amount:
    """Where an amount stands, how it is read, and what the buttons offer: the bounds of a range, or one value."""

    read: Callable[[str], Range | None]
    presets: tuple[Range, ...]


def _least(read: Callable[[str], int | None]) -> Callable[[str], Range | None]:
    def one(text: str) -> Range | None:
        value = read(text)
        return None if value is None else (value, None)

    return one


AMOUNTS: Mapping[Condition, Amount] = {
    Condition.PRICE: Amount(
        typed.price_range, ((None, 300), (None, 1_000), (None, 3_000), (None, 10_000), (1_000, None))
    ),
    Condition.NET: Amount(_least(typed.cents), tuple((cents, None) for cents in (25, 50, 100, 200, 500))),
    Condition.RETURN: Amount(_least(typed.basis_points), tuple((bps, None) for bps in (200, 500, 1_000, 1_500, 2_500))),
    Condition.SALES: Amount(_least(typed.tenths), tuple((tenths, None) for tenths in (5, 10, 30, 100))),
    Condition.AGE: Amount(_least(typed.seconds), tuple((seconds, None) for seconds in (60, 300, 1_800, 3_600))),
    Condition.FLOAT: Amount(
        typed.float_range, ((None, MILLIONTHS // 100), (None, 70_000), (70_000, 150_000), (900_000, None))
    ),
}


def conditions(game: str) -> tuple[Condition, ...]:
    """What can be asked of a game's items, beside whether the game is on."""
    return (*(one for one in COMMON if one is not Condition.GAME), *OF_GAME[game])


def form(game: str, condition: Condition) -> Form:
    if condition in AMOUNTS:
        return Form.AMOUNT
    if condition in FLAGS:
        return Form.FLAG
    return Form.CHOICE if options(game, condition) else Form.LIST


def options(game: str, condition: Condition) -> tuple[str, ...]:
    """Every value of a choice; none where values are typed."""
    if condition is Condition.LEVEL:
        return tuple(LEVELS)
    if condition is Condition.EXIT:
        return tuple(kind.value for kind in ExitKind)
    return CHOICES[game].get(condition.value, ())


def chosen(wanted: Filter, condition: Condition) -> Choice:
    found: Choice = getattr(wanted, FIELDS[condition][0])
    return found


def toggled(wanted: Filter, condition: Condition, value: str) -> Filter:
    """The value taken in or out; what is needed keeps its last one."""
    values = chosen(wanted, condition) ^ {value}
    return wanted if condition in NEEDED and not values else _listed(wanted, condition, values)


def cleared(wanted: Filter, condition: Condition) -> Filter:
    """As it is in a filter that asks for nothing."""
    return _put(wanted, {name: getattr(Filter(), name) for name in FIELDS[condition]})


def added(wanted: Filter, condition: Condition, values: Choice) -> Filter:
    """With these entries too, at most MOST."""
    former = chosen(wanted, condition)
    new = sorted(values - former)[: max(0, MOST - len(former))]
    return _listed(wanted, condition, former.union(new))


def dropped(wanted: Filter, condition: Condition, mark: str) -> Filter:
    """Without the entry of this mark."""
    former = chosen(wanted, condition)
    return _listed(wanted, condition, frozenset(one for one in former if marked_as(one) != mark))


def marked_as(entry: str) -> str:
    """A short name for an entry that is too long for a button."""
    return sha256(entry.encode()).hexdigest()[:8]


def entries(condition: Condition, text: str) -> Choice:
    """What was typed into a list, as filters spell it."""
    return typed.phrases(text) if condition in {Condition.INCLUDE, Condition.EXCLUDE} else typed.traits(text)


def flagged(wanted: Filter, condition: Condition, value: bool | None) -> Filter:
    return _put(wanted, {FLAGS[condition]: value})


def bounded(wanted: Filter, condition: Condition, bounds: Range) -> Filter:
    """An amount set; what is left out asks for nothing."""
    names = FIELDS[condition]
    given = {name: value for name, value in zip(names, bounds, strict=False) if value is not None}
    return _put(cleared(wanted, condition), given)


def bounds(wanted: Filter, condition: Condition) -> Range:
    """What `bounded` would set to this, None for what asks for nothing."""
    names = FIELDS[condition]
    asked = [getattr(wanted, name) if getattr(wanted, name) != getattr(Filter(), name) else None for name in names]
    return (asked[0], asked[1] if len(asked) > 1 else None)


def common(wanted: Filter, other: Filter) -> Filter:
    """The other game's filter with everything that all games have taken from the first, but whether it is on."""
    names = [name for condition, names in COMMON.items() if condition is not Condition.GAME for name in names]
    return _put(other, {name: getattr(wanted, name) for name in names})


def _listed(wanted: Filter, condition: Condition, values: Choice) -> Filter:
    return _put(wanted, {FIELDS[condition][0]: values})


def _put(wanted: Filter, values: Mapping[str, Any]) -> Filter:
    """The filter with these fields replaced, by their names."""
    return replace(wanted, **values)
