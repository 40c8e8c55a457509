"""What an offer's game block says beyond its variant, for filters (docs/exchange-api.md, Offers).

Nothing about money depends on it, so what is misshapen here is unknown and never spoils an answer.
"""

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from dmarket.wire.fields import LONGEST_WORD, WireModel, readable
from domain.traits import UNKNOWN, Traits, value


def _word(given: object) -> str:
    """A text of a length that is stored, "" for anything else."""
    try:
        return readable(given) if isinstance(given, str) and len(given) <= LONGEST_WORD else ""
    except ValueError:
        return ""


def _words(given: object) -> list[str]:
    return [_word(one) for one in given[:LONGEST_WORD]] if isinstance(given, list) else []


def _told(given: object) -> bool | None:
    return given if isinstance(given, bool) else None


def block_or_none(given: object) -> object:
    """For blocks of which nothing but traits is read."""
    return given if isinstance(given, dict) else None


_Word = Annotated[str, BeforeValidator(_word)]


class TraitFields(WireModel):
    """The blocks of all games; a game fills those fields that it has."""

    exterior: _Word = ""
    quality: _Word = ""
    rarity: _Word = ""
    hero: _Word = ""
    slot: _Word = ""
    classes: Annotated[list[str], BeforeValidator(_words)] = Field(default=[], alias="class")
    killstreak: _Word = ""
    craftable: Annotated[bool | None, BeforeValidator(_told)] = Field(None, alias="isCraftable")
    type: _Word = ""


def _cs2(block: TraitFields) -> Traits:
    return Traits(exterior=_enum("exterior", block.exterior), rarity=_enum("quality", block.quality))


def _tf2(block: TraitFields) -> Traits:
    return Traits(
        exterior=_enum("exterior", block.exterior),
        quality=_enum("quality", block.quality),
        classes=frozenset(one for one in (_enum("class", name) for name in block.classes) if one),
        killstreak=_enum("killstreak", block.killstreak),
        craftable=block.craftable,
    )


def _dota2(block: TraitFields) -> Traits:
    return Traits(
        hero=value(block.hero),
        rarity=value(block.rarity),
        quality=value(block.quality),
        slot=_enum("slot", block.slot),
    )


def _rust(block: TraitFields) -> Traits:
    return Traits(type=value(block.type))


_READ: Mapping[str, Callable[[TraitFields], Traits]] = {"cs2": _cs2, "tf2": _tf2, "dota2": _dota2, "rust": _rust}


def _enum(prefix: str, written: str) -> str:
    """`SLOT_OFF_HAND` as `off-hand`, "" for `SLOT_UNSPECIFIED`."""
    return value(written.strip().lower().removeprefix(f"{prefix}_"))


def traits_in(blocks: Mapping[str, TraitFields | None]) -> Traits:
    """From the first block that is there, by its name on the wire."""
    return next((_READ[name](block) for name, block in blocks.items() if block is not None), UNKNOWN)
