import pytest

from domain.levels import HIGHEST, LEVELS, LOWEST, level_for


@pytest.mark.parametrize(
    ("key", "low", "high", "bps", "emoji"),
    [
        ("boost", 50, 300, 100, "🚀"),
        ("standard", 300, 1_000, 500, "⚡"),
        ("medium", 1_000, 3_000, 500, "💰"),
        ("advanced", 3_000, 10_000, 1_000, "🎯"),
        ("pro", 10_000, 100_000, 2_000, "💎"),
    ],
)
def test_the_levels_are_those_of_the_blueprint(key: str, low: int, high: int, bps: int, emoji: str) -> None:
    """Bands in cents and least returns as users know them."""
    level = LEVELS[key]

    assert (key, low, high, bps, emoji) == (level.key, level.low, level.high, level.min_return_bps, level.emoji)


@pytest.mark.parametrize(
    ("price", "key"),
    [
        (50, "boost"),
        (299, "boost"),
        (300, "standard"),
        (999, "standard"),
        (1_000, "medium"),
        (3_000, "advanced"),
        (9_999, "advanced"),
        (10_000, "pro"),
        (100_000, "pro"),
    ],
)
def test_a_band_holds_its_lower_edge_and_the_last_one_both(price: int, key: str) -> None:
    """Half-open bands, only the last one closed."""
    assert LEVELS[key] is level_for(price)


@pytest.mark.parametrize("price", [-1, 0, 49, 100_001])
def test_prices_outside_all_bands_have_no_level(price: int) -> None:
    """Too cheap and too dear items are nobody's."""
    assert level_for(price) is None


def test_every_cent_of_the_bands_is_in_exactly_one() -> None:
    """No gap and no overlap from the lowest to the highest price."""
    prices = range(LOWEST, HIGHEST + 1)
    holders = [
        sum(level.low <= price < level.high or (level.key == "pro" and price == HIGHEST) for level in LEVELS.values())
        for price in prices
    ]

    assert (LOWEST, HIGHEST) == (50, 100_000)
    assert set(holders) == {1}
    assert all(level_for(price) is not None for price in prices)


def test_a_dearer_level_never_asks_less() -> None:
    """The cheapest offer of a variant is its best one only because of this."""
    returns = [level.min_return_bps for level in LEVELS.values()]

    assert returns == sorted(returns)
