from typing import Any

import pytest

from domain.filters import Filter
from domain.games import GAMES
from domain.levels import LEVELS


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("level", LEVELS)
def test_the_defaults_match_every_game_and_level(game: str, level: str) -> None:
    """A chat that only sent /start hears of everything, however small the gain."""
    assert Filter().matches(game, level, net=1, return_bps=100)


@pytest.mark.parametrize(
    "wishes",
    [{"games": frozenset({"rust"})}, {"levels": frozenset({"pro"})}, {"min_net": 117}, {"min_return_bps": 1161}],
)
def test_each_wish_alone_refuses(wishes: dict[str, Any]) -> None:
    """Another game, another level, a cent or a basis point too little."""
    assert not Filter(**wishes).matches("csgo", "medium", net=116, return_bps=1160)


def test_thresholds_include_their_own_value() -> None:
    """At least means at least."""
    wish = Filter(frozenset({"csgo"}), frozenset({"medium"}), min_net=116, min_return_bps=1160)

    assert wish.matches("csgo", "medium", net=116, return_bps=1160)
