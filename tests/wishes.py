"""Filters and deals of every sort that meet at their edges: values are drawn from the same few."""

from random import Random
from typing import Any

from domain.deals import OLDEST, Deal
from domain.filters import COMMON, EVERYTHING, EXITS, FIELDS, FLAGS, OF_GAME, Condition, Filter
from domain.games import GAMES
from domain.levels import LEVELS
from domain.traits import CHOICES, Traits

MOST = 2**31 - 1
AMOUNTS = (0, 1, 99, 100, 101, 5_000, MOST)
AGES = (0, 59, 60, 61, OLDEST)
FLOATS = (0, 69_999, 70_000, 70_001, 1_000_000)
FREE = (
    "axe",
    "anti-mage",
    "burning-flames",
    "x'); DROP TABLE filters; --",
    "%",
    "ſ",
    "İ",
    "日本",
    "{a,b}",
    'a"b',
    "NULL",
)
WORDS = ("key", "night ops", "ak 47", "★", "ключ", "strasse", "st", "日本", "i", "redline", "100")
TITLES = (
    "AK-47 | Redline (Field-Tested)",
    "StatTrak™ AK-47 | Night Ops (Factory New)",
    "Souvenir P250 | Sand Dune (Well-Worn)",
    "★ Karambit | Doppler (Factory New)",
    "★ Karambit",
    "Keyboard of the Key_holder",
    "KEY",
    "Straße 100%_",
    "Золотой КЛЮЧ",
    "日本 \\% _ İ",
    "",
)


def pick(chance: Random, values: tuple[Any, ...] | list[Any], most: int) -> frozenset[Any]:
    return frozenset(chance.sample(list(values), min(len(values), chance.randint(1, most))))


def values_of(game: str, condition: Condition) -> tuple[str, ...]:
    """What a trait of the game may be: a few, so that a filter and a deal often agree."""
    return CHOICES[game].get(condition, ())[:4] or FREE


def some_filter(chance: Random, game: str, *, most: int = 3) -> Filter:
    """Makes up to `most` conditions that the game has."""
    wishes: dict[str, Any] = {}
    for condition in chance.sample([*COMMON, *OF_GAME[game]], chance.randint(0, most)):
        wishes |= _wish(chance, game, condition)
    return Filter(**wishes)


def _wish(chance: Random, game: str, condition: Condition) -> dict[str, Any]:
    (name, *more) = FIELDS[condition]
    plain = getattr(EVERYTHING, name)
    if isinstance(plain, frozenset):
        return {name: _choice(chance, game, condition)}
    if condition is Condition.GAME or condition in FLAGS:
        return {name: condition is not Condition.GAME and chance.random() < 0.5}
    amounts = {Condition.AGE: AGES, Condition.FLOAT: FLOATS}.get(condition, AMOUNTS)
    return {name: chance.choice(amounts)} | {other: chance.choice((*amounts, None)) for other in more}


def _choice(chance: Random, game: str, condition: Condition) -> frozenset[str]:
    if condition in (Condition.LEVEL, Condition.EXIT):
        known = [*LEVELS] if condition is Condition.LEVEL else sorted(EXITS)
        return frozenset(chance.sample(known, chance.randint(0, len(known))))
    if condition in (Condition.INCLUDE, Condition.EXCLUDE):
        return pick(chance, WORDS, 3)
    return pick(chance, values_of(game, condition), 2)


def some_deal(chance: Random, game: str) -> Deal:
    """Some of its traits are not known."""
    return Deal(
        item_id=chance.randint(1, 5),
        game=game,
        title=chance.choice(TITLES),
        level=chance.choice([*LEVELS]),
        exit=chance.choice(sorted(EXITS)),
        buy=chance.choice(AMOUNTS),
        net=chance.choice(AMOUNTS),
        return_bps=chance.choice(AMOUNTS),
        sales_tenths=chance.choice(AMOUNTS),
        age=chance.choice((*AGES, None)),
        traits=some_traits(chance, game),
    )


def some_traits(chance: Random, game: str) -> Traits:
    def text(condition: Condition) -> str:
        known = condition in OF_GAME[game] and chance.random() < 0.8
        return chance.choice(values_of(game, condition)) if known else ""

    def flag() -> bool | None:
        return chance.choice((True, False, None))

    return Traits(
        exterior=text(Condition.EXTERIOR),
        rarity=text(Condition.RARITY),
        phase=text(Condition.PHASE),
        hero=text(Condition.HERO),
        quality=text(Condition.QUALITY),
        slot=text(Condition.SLOT),
        classes=frozenset(chance.sample(values_of("tf2", Condition.CLASS), chance.randint(0, 3))),
        effect=text(Condition.EFFECT),
        killstreak=text(Condition.KILLSTREAK),
        type=text(Condition.TYPE),
        stattrak=flag(),
        souvenir=flag(),
        craftable=flag(),
        float_millionths=chance.choice((*FLOATS, None)),
    )


def some_game(chance: Random) -> str:
    return chance.choice([*GAMES])
