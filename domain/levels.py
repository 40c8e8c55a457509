"""Price bands and the return each one asks for. Menus, texts, schedules and tests are generated from here."""

from dataclasses import dataclass

from domain.money import BasisPoints, Cents


@dataclass(frozen=True, slots=True)
class Level:
    """A band of buy prices [low, high) in cents, the last one closed, with its least net return."""

    key: str
    low: Cents
    high: Cents
    min_return_bps: BasisPoints
    emoji: str


LEVELS: dict[str, Level] = {
    level.key: level
    for level in (
        Level("boost", 50, 300, 100, "🚀"),
        Level("standard", 300, 1_000, 500, "⚡"),
        Level("medium", 1_000, 3_000, 500, "💰"),
        Level("advanced", 3_000, 10_000, 1_000, "🎯"),
        Level("pro", 10_000, 100_000, 2_000, "💎"),
    )
}

LOWEST: Cents = min(level.low for level in LEVELS.values())
HIGHEST: Cents = max(level.high for level in LEVELS.values())


def level_for(price: Cents) -> Level | None:
    """The level whose band holds a buy `price` in cents, None outside all bands."""
    for level in LEVELS.values():
        if level.low <= price < level.high or price == level.high == HIGHEST:
            return level
    return None
