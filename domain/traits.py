"""What an item is beyond its title, in one spelling, and the values that menus can offer.

Only what the exchange says in the block of its game, and what a Steam market title tells safely (docs/exchange-api.md,
Games and Offers). A trait that neither tells is unknown: "" or None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor

from domain.variants import Variant

MILLIONTHS = 1_000_000  # in a float of 1
_FLOATS = (-(2**31), 2**31 - 1)  # what a column holds; real floats lie between 0 and 1

EXTERIORS = ("factory-new", "minimal-wear", "field-tested", "well-worn", "battle-scarred")
_CS2_RARITIES = (
    "consumer-grade industrial-grade mil-spec restricted classified covert contraband base-grade high-grade "
    "remarkable exotic extraordinary distinguished exceptional superior master stock"
)
_PHASES = "phase-1 phase-2 phase-3 phase-4 ruby sapphire emerald black-pearl"
_DOTA_SLOTS = (
    "weapon off-hand head shoulder arms armor back belt neck legs tail gloves misc mount body-head costume persona "
    "shapeshift summoned-unit ability-1 ability-2 ability-3 ability-4 ultimate hero hero-base courier ward "
    "heroic-effigy effigy-pet roshan ancient radiant-creeps dire-creeps radiant-siege-creeps dire-siege-creeps "
    "radiant-towers dire-towers terrain weather hud-skin loading-screen versus-screen cursor-pack music announcer "
    "mega-kill-announcer voice taunt emblem multikill-banner kill-streak-effects action-item n-a"
)
_TF2_CLASSES = "scout soldier pyro demoman heavy engineer medic sniper spy"
_TF2_QUALITIES = "unique strange unusual vintage genuine haunted collector decorated-weapon self-made normal"
KILLSTREAKS = ("none", "basic", "specialized", "professional")

# By game and trait: the values that the exchange enumerates. A trait with none takes any text (a hero, an effect).
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "csgo": {
        "exterior": (*EXTERIORS, "not-painted"),
        "rarity": tuple(_CS2_RARITIES.split()),
        "phase": tuple(_PHASES.split()),
    },
    "dota2": {"hero": (), "rarity": (), "quality": (), "slot": tuple(_DOTA_SLOTS.split())},
    "tf2": {
        "class": tuple(_TF2_CLASSES.split()),
        "quality": tuple(_TF2_QUALITIES.split()),
        "effect": (),
        "killstreak": KILLSTREAKS,
    },
    "rust": {"type": ()},
}


@dataclass(frozen=True, slots=True)
class Traits:
    """All that filters ask of an item; "" and None are unknown. `float_millionths` is the float rounded down."""

    exterior: str = ""
    rarity: str = ""
    phase: str = ""
    hero: str = ""
    quality: str = ""
    slot: str = ""
    classes: frozenset[str] = frozenset()
    effect: str = ""
    killstreak: str = ""
    type: str = ""
    stattrak: bool | None = None
    souvenir: bool | None = None
    craftable: bool | None = None
    float_millionths: int | None = None


UNKNOWN = Traits()
_BRACKETS = re.compile(r"\(([^()]+)\)$")


def value(text: str | None) -> str:
    """One spelling for the exchange's several: `EXTERIOR_FIELD_TESTED`'s rest and `Field-Tested` are `field-tested`."""
    spelled = (text or "").strip().casefold().replace("_", "-").replace(" ", "-")
    return "" if spelled == "unspecified" else spelled


def to_millionths(float_value: Decimal) -> int:
    """An item's float in millionths, rounded down; what no column could hold becomes the last that it does."""
    lowest, highest = _FLOATS
    # As a fraction: a float may be written out in more digits than Decimal calculates with.
    return min(highest, max(lowest, floor(Fraction(float_value) * MILLIONTHS)))


def completed(said: Traits, game: str, title: str, variant: Variant, float_value: Decimal | None) -> Traits:
    """What the block of the game said, with what title, variant and float tell."""
    known = replace(
        said,
        exterior=_exterior(title) or said.exterior,
        phase=variant.phase,
        effect=variant.effect,
        float_millionths=None if float_value is None else to_millionths(float_value),
    )
    if game != "csgo":
        return known
    return replace(known, stattrak="StatTrak™ " in title, souvenir=title.startswith("Souvenir "))


def _exterior(title: str) -> str:
    bracketed = _BRACKETS.search(title)
    spelled = value(bracketed[1]) if bracketed else ""
    return spelled if spelled in EXTERIORS else ""
