"""What a subscriber wants to be told about, and whether an opportunity is that."""

from dataclasses import dataclass

from domain.games import GAMES
from domain.levels import LEVELS
from domain.money import BasisPoints, Cents


@dataclass(frozen=True, slots=True)
class Filter:
    """A subscription. The defaults tell of every game and level; a level's own return is the only threshold."""

    games: frozenset[str] = frozenset(GAMES)
    levels: frozenset[str] = frozenset(LEVELS)
    min_net: Cents = 0
    min_return_bps: BasisPoints = 0

    def matches(self, game: str, level: str, net: Cents, return_bps: BasisPoints) -> bool:
        return game in self.games and level in self.levels and net >= self.min_net and return_bps >= self.min_return_bps
