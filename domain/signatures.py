"""63 bits that tell most deals and filters apart at a glance.

The level, the exit and each choice that a game offers have a run of bits of their own. A deal sets one bit in each run,
by a fixed hash of its value; a filter sets those of all values it takes, or the whole run where it takes any. A filter
that lacks a bit of the deal's cannot match; one that has all of them may, and is looked at exactly, unless its bits and
amounts say everything. Words have bits of their own: one that a title must share with a filter which asks for some of
them. Stored with each filter: whoever changes a width, the hash or the order of conditions has to
write them anew in a migration.
"""

from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from domain.deals import Deal
from domain.filters import COMMON, EXITS, FLAGS, TEXTS, Condition, Filter
from domain.levels import LEVELS
from domain.words import phrase

_LEVELS, _EXITS, _CHOICES = 10, 3, 50  # bits; so wide that no two levels and no two exits share one
# The choices of each game share its bits. Flags are choices too. What is not here is looked at exactly only.
_RUNS: Mapping[str, tuple[Condition, ...]] = {
    "csgo": (Condition.EXTERIOR, Condition.RARITY, Condition.PHASE, Condition.STATTRAK, Condition.SOUVENIR),
    "dota2": (Condition.HERO, Condition.RARITY, Condition.QUALITY, Condition.SLOT),
    "tf2": (Condition.CLASS, Condition.QUALITY, Condition.EFFECT, Condition.KILLSTREAK, Condition.CRAFTABLE),
    "rust": (Condition.TYPE,),
}

_WORDS = 62  # bits
_ANY_WORD = 1 << _WORDS
_DECIDED = frozenset(COMMON) - {Condition.INCLUDE, Condition.EXCLUDE}


def of_deal(deal: Deal) -> int:
    """The bits that a filter must have to match."""
    bits = _bits([deal.level], 0, _LEVELS) | _bits([deal.exit], _LEVELS, _EXITS)
    for condition, begin, width in _runs(deal.game):
        values = [value for value in _values(deal, condition) if value]
        if not values:
            bits |= 1 << begin  # not known: only who takes any has this bit
        elif len(values) == 1:  # of several any one is enough, so none of their bits is needed
            bits |= _bits(values, begin + 1, width - 1)
    return bits


def of_filter(game: str, wanted: Filter) -> int:
    """The bits of every deal of the game that it may match."""
    bits = _bits(wanted.levels, 0, _LEVELS) | _bits(wanted.exits, _LEVELS, _EXITS)
    for condition, begin, width in _runs(game):
        chosen = _chosen(wanted, condition)
        bits |= _bits(chosen, begin + 1, width - 1) if chosen else ((1 << width) - 1) << begin
    return bits


def of_title(title: str) -> int:
    """The bits of a title's words, and the one that stands for any."""
    return _ANY_WORD | _bits(phrase(title).split(), 0, _WORDS)


def of_include(wanted: Filter) -> int:
    """The bits one of which a title must have: those of each phrase's first word, or the one for any."""
    return _bits((one.split()[0] for one in wanted.include), 0, _WORDS) if wanted.include else _ANY_WORD


def decides(wanted: Filter) -> bool:
    """Whether the bits of level and exit, with the amounts, are all that a filter asks for: they are never shared."""
    known = wanted.levels <= set(LEVELS) and wanted.exits <= EXITS
    return known and wanted.asks() <= _DECIDED


def _runs(game: str) -> Iterator[tuple[Condition, int, int]]:
    conditions = _RUNS.get(game, ())
    width = _CHOICES // max(1, len(conditions))
    for place, condition in enumerate(conditions):
        yield condition, _LEVELS + _EXITS + place * width, width


def _values(deal: Deal, condition: Condition) -> list[str]:
    traits = deal.traits
    if condition in FLAGS:
        flag = getattr(traits, FLAGS[condition])
        return [] if flag is None else [str(flag)]
    if condition is Condition.CLASS:
        return sorted(traits.classes)
    return [getattr(traits, TEXTS[condition][1])]


def _chosen(wanted: Filter, condition: Condition) -> Iterable[str]:
    if condition in FLAGS:
        flag = getattr(wanted, FLAGS[condition])
        return [] if flag is None else [str(flag)]
    if condition is Condition.CLASS:
        return wanted.classes
    chosen: frozenset[str] = getattr(wanted, TEXTS[condition][0])
    return chosen


def _bits(values: Iterable[str], begin: int, width: int) -> int:
    bits = 0
    for one in values:
        bits |= 1 << (begin + crc32(one.encode()) % width)
    return bits
