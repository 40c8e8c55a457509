"""One item behind an offer or a sale: its float, pattern and phase, as far as its game has them."""

from bisect import bisect_right
from dataclasses import dataclass
from random import Random

SCALE = 10**16  # floats travel as decimal strings of 16 places and are drawn as whole numbers of that unit
PERCENT = SCALE // 100
EXTERIOR_PERCENT = {
    "Factory New": (1, 7),  # nothing below 0.01: such floats are priced apart and would blur the noise
    "Minimal Wear": (7, 15),
    "Field-Tested": (15, 38),
    "Well-Worn": (38, 45),
    "Battle-Scarred": (45, 100),
}
FLOAT_PART_STARTS = {
    "FN": (0, 1, 2, 3, 4, 5, 6),
    "MW": (7, 8, 9, 10, 11),
    "FT": (15, 18, 21, 24, 27),
    "WW": (38, 39, 40, 41, 42),
    "BS": (45, 50, 63, 76, 80),
}
PHASES = ("phase-1", "phase-2", "phase-3", "phase-4")


@dataclass(frozen=True, slots=True)
class Asset:
    """`float_value` is a decimal string, "" where the item has none; `paint_seed` 0 and `phase` "" likewise."""

    float_value: str = ""
    paint_seed: int = 0
    phase: str = ""


def exterior_of(title: str) -> str:
    """The exterior named at the end of a title, "" without one."""
    inner = title.rpartition(" (")[2].removesuffix(")")
    return inner if inner in EXTERIOR_PERCENT else ""


def has_phases(title: str) -> bool:
    return "| Doppler (" in title


def draw_asset(game: str, title: str, rng: Random, phase: str = "") -> Asset:
    """A random item of the title; a Doppler without a given `phase` is one of the four plain phases."""
    exterior = exterior_of(title)
    if game != "csgo" or not exterior:
        return Asset()
    low, high = EXTERIOR_PERCENT[exterior]
    value = rng.randrange(low * PERCENT, high * PERCENT)
    if has_phases(title) and not phase:
        phase = rng.choice(PHASES)
    return Asset(f"0.{value:016d}", rng.randint(1, 1000), phase)


def float_part(float_value: str) -> str:
    """The float's bucket (docs/exchange-api.md, Variants), `FT-2` for 0.2356; "" without a float."""
    if not float_value:
        return ""
    percent = int(float_value.removeprefix("0.")) // PERCENT
    for name, starts in reversed(FLOAT_PART_STARTS.items()):
        if percent >= starts[0]:
            return f"{name}-{bisect_right(starts, percent) - 1}"
    raise ValueError(f"{float_value!r} is not a float between 0 and 1")
