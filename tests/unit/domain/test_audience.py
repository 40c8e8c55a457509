from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from domain.audience import BEST_FIT, PER_UNIT, RATE, RING, fit, most_told, place
from domain.filters import Filter
from domain.games import GAMES
from tests.wishes import some_filter

LIFE = timedelta(minutes=2)


@pytest.mark.parametrize(
    ("capacity", "waiting", "most"),
    [
        (1, 0, PER_UNIT),
        (0, 0, PER_UNIT),
        (4, 0, 4 * PER_UNIT),
        (1_000, 0, 40 * RATE),
        (1_000, 200, 800),
        (3, 40 * RATE - 60, 60),
        (3, 40 * RATE, RATE),
        (3, 10**6, RATE),
    ],
)
def test_a_deal_is_told_to_as_many_as_its_units_and_telegram_allow(capacity: int, waiting: int, most: int) -> None:
    """Thirty a unit, no more than goes out while it is fresh, and always a second's worth."""
    assert most_told(capacity, waiting, LIFE) == most


def test_a_short_life_allows_fewer() -> None:
    """What would expire before its turn is not written."""
    assert most_told(1_000, 0, timedelta(seconds=5)) == 5 * RATE


def test_who_asks_for_more_fits_better() -> None:
    """A filter that takes everything fits least; a game that is off asks for nothing."""
    assert fit(Filter()) == fit(Filter(on=False)) == 0
    assert fit(Filter(min_net=5)) == fit(Filter(price_from=5, price_to=9)) == 1
    assert fit(Filter(min_net=5, stattrak=True)) == 2
    assert fit(Filter(min_net=5, stattrak=True, max_age=9, min_return_bps=7)) == BEST_FIT


def test_every_fit_is_walked() -> None:
    """Whatever is asked for."""
    chance = Random(2)
    fits = {fit(some_filter(chance, game, most=6)) for game in GAMES for _ in range(100)}

    assert fits == set(range(BEST_FIT + 1))


@pytest.mark.parametrize("count", [10, 100, 1_000])
def test_places_are_evenly_spread(count: int) -> None:
    """However many there are, no gap is much larger than an even one, also among those of one game."""
    for step in (1, len(GAMES)):
        places = sorted(place(number) for number in range(1, step * count + 1, step))
        gaps = [later - earlier for earlier, later in pairwise([*places, places[0] + RING])]

        assert places[0] >= 0
        assert places[-1] < RING
        assert max(gaps) < 4 * RING / count
