"""What a chat wants to hear of one game, and what a deal lacks to be that: the rule that the database must keep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.deals import Deal
from domain.exits import ExitKind
from domain.levels import LEVELS
from domain.money import BasisPoints, Cents
from domain.traits import Traits
from domain.words import has

Choice: TypeAlias = frozenset[str]
ANY: Choice = frozenset()
EXITS: Choice = frozenset(kind.value for kind in ExitKind)


class Condition(StrEnum):
    """One thing that a filter asks for, and that a deal can miss."""

    GAME = "game"  # the game is on
    LEVEL = "level"
    EXIT = "exit"
    PRICE = "price"
    NET = "net"
    RETURN = "return"
    SALES = "sales"
    AGE = "age"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    EXTERIOR = "exterior"
    RARITY = "rarity"
    PHASE = "phase"
    FLOAT = "float"
    STATTRAK = "stattrak"
    SOUVENIR = "souvenir"
    HERO = "hero"
    QUALITY = "quality"
    SLOT = "slot"
    CLASS = "class"
    EFFECT = "effect"
    KILLSTREAK = "killstreak"
    CRAFTABLE = "craftable"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Filter:
    """A chat's wishes for one game; the defaults ask for nothing but that the game is on.

    Amounts include their own value. `price_from` and `price_to` bound the buy price. `min_sales_tenths` are comparable
    sales a day times ten. `max_age` is in seconds since the offer was listed. `include` and `exclude` are phrases
    (domain.words): one of the first must stand in the title, none of the second may. Choices are values of
    domain.traits, any of which will do; none chosen asks for nothing. True and False want it and do not want it.
    `float_from` up to but without `float_below` is in millionths. What the exchange does not tell of an item is not
    what a filter asks for.
    """

    on: bool = True
    levels: Choice = frozenset(LEVELS)
    exits: Choice = EXITS
    price_from: Cents = 0
    price_to: Cents | None = None
    min_net: Cents = 0
    min_return_bps: BasisPoints = 0
    min_sales_tenths: int = 0
    max_age: int | None = None
    include: Choice = ANY
    exclude: Choice = ANY
    exteriors: Choice = ANY
    rarities: Choice = ANY
    phases: Choice = ANY
    float_from: int | None = None
    float_below: int | None = None
    stattrak: bool | None = None
    souvenir: bool | None = None
    heroes: Choice = ANY
    qualities: Choice = ANY
    slots: Choice = ANY
    classes: Choice = ANY
    effects: Choice = ANY
    killstreaks: Choice = ANY
    craftable: bool | None = None
    types: Choice = ANY

    def matches(self, deal: Deal) -> bool:
        return not any(self.misses(deal))

    def misses(self, deal: Deal) -> Iterator[Condition]:
        """The conditions that a deal does not meet, amounts first."""
        for condition, met in (*self._amounts(deal), *self._words(deal), *self._traits(deal.traits)):
            if not met:
                yield condition

    def asks(self) -> frozenset[Condition]:
        """The conditions that this filter makes and the default one does not."""
        return frozenset(condition for condition, names in FIELDS.items() if any(self._differs(name) for name in names))

    def _differs(self, name: str) -> bool:
        return bool(getattr(self, name) != getattr(EVERYTHING, name))

    def _amounts(self, deal: Deal) -> Iterator[tuple[Condition, bool]]:
        yield Condition.GAME, self.on
        yield Condition.LEVEL, deal.level in self.levels
        yield Condition.EXIT, deal.exit in self.exits
        yield Condition.PRICE, self.price_from <= deal.buy and (self.price_to is None or deal.buy <= self.price_to)
        yield Condition.NET, deal.net >= self.min_net
        yield Condition.RETURN, deal.return_bps >= self.min_return_bps
        yield Condition.SALES, deal.sales_tenths >= self.min_sales_tenths
        yield Condition.AGE, self.max_age is None or (deal.age is not None and deal.age <= self.max_age)

    def _words(self, deal: Deal) -> Iterator[tuple[Condition, bool]]:
        yield Condition.INCLUDE, not self.include or any(has(deal.title, one) for one in self.include)
        yield Condition.EXCLUDE, not any(has(deal.title, one) for one in self.exclude)

    def _traits(self, traits: Traits) -> Iterator[tuple[Condition, bool]]:
        for condition, (field, trait) in TEXTS.items():
            chosen: Choice = getattr(self, field)
            yield condition, not chosen or getattr(traits, trait) in chosen
        yield Condition.CLASS, not self.classes or bool(self.classes & traits.classes)
        for condition, name in FLAGS.items():
            yield condition, getattr(self, name) is None or getattr(traits, name) is getattr(self, name)
        yield Condition.FLOAT, self._holds(traits.float_millionths)

    def _holds(self, known: int | None) -> bool:
        if self.float_from is None and self.float_below is None:
            return True
        above = known is not None and (self.float_from is None or known >= self.float_from)
        return above and (self.float_below is None or (known or 0) < self.float_below)


Wishes: TypeAlias = Mapping[str, Filter]  # by game
EVERYTHING = Filter()

# The traits of one text each: the field of the filter and the trait of the item. A trait that is not known is "".
TEXTS: Mapping[Condition, tuple[str, str]] = {
    Condition.EXTERIOR: ("exteriors", "exterior"),
    Condition.RARITY: ("rarities", "rarity"),
    Condition.PHASE: ("phases", "phase"),
    Condition.HERO: ("heroes", "hero"),
    Condition.QUALITY: ("qualities", "quality"),
    Condition.SLOT: ("slots", "slot"),
    Condition.EFFECT: ("effects", "effect"),
    Condition.KILLSTREAK: ("killstreaks", "killstreak"),
    Condition.TYPE: ("types", "type"),
}
FLAGS: Mapping[Condition, str] = {
    one: one.value for one in (Condition.STATTRAK, Condition.SOUVENIR, Condition.CRAFTABLE)
}
COMMON: Mapping[Condition, tuple[str, ...]] = {
    Condition.GAME: ("on",),
    Condition.LEVEL: ("levels",),
    Condition.EXIT: ("exits",),
    Condition.PRICE: ("price_from", "price_to"),
    Condition.NET: ("min_net",),
    Condition.RETURN: ("min_return_bps",),
    Condition.SALES: ("min_sales_tenths",),
    Condition.AGE: ("max_age",),
    Condition.INCLUDE: ("include",),
    Condition.EXCLUDE: ("exclude",),
}
FIELDS: Mapping[Condition, tuple[str, ...]] = {
    **COMMON,
    **{condition: (field,) for condition, (field, _) in TEXTS.items()},
    **{condition: (name,) for condition, name in FLAGS.items()},
    Condition.CLASS: ("classes",),
    Condition.FLOAT: ("float_from", "float_below"),
}
# What can be asked of a game's items beside COMMON; the values are in domain.traits.CHOICES.
OF_GAME: Mapping[str, tuple[Condition, ...]] = {
    "csgo": (
        Condition.EXTERIOR,
        Condition.RARITY,
        Condition.PHASE,
        Condition.FLOAT,
        Condition.STATTRAK,
        Condition.SOUVENIR,
    ),
    "dota2": (Condition.HERO, Condition.RARITY, Condition.QUALITY, Condition.SLOT),
    "tf2": (Condition.CLASS, Condition.QUALITY, Condition.EFFECT, Condition.KILLSTREAK, Condition.CRAFTABLE),
    "rust": (Condition.TYPE,),
}


def foreign(game: str, wanted: Filter) -> frozenset[Condition]:
    """What a filter asks for that the items of this game do not have: no deal would ever match."""
    return wanted.asks() - set(COMMON) - set(OF_GAME[game])
