from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.liquidity import comparable, independent_sales, low_quantile, lowest_price, sales_evidence
from domain.quotes import SaleSide
from domain.variants import PLAIN, Variant
from tests.factories import NOW, a_burst, a_history, a_sale, an_offer, some_sales

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_sales_of_the_last_thirty_days_are_comparable() -> None:
    """The window is closed, what lies before it or in the future says nothing."""
    kept = [a_sale(1, timedelta(0)), a_sale(2, 30 * DAY)]
    sales = [a_sale(3, 30 * DAY + MINUTE), *kept, a_sale(4, -MINUTE)]

    assert kept == comparable(sales, PLAIN, None, NOW)


def test_only_the_same_variant_is_comparable() -> None:
    """A Ruby's sales say nothing about a Phase 2."""
    phase_2 = a_sale(1000, variant=Variant(phase="phase-2"))
    sales = [phase_2, a_sale(9000, variant=Variant(phase="ruby")), a_sale(500)]

    assert [phase_2] == comparable(sales, Variant(phase="phase-2"), None, NOW)


@pytest.mark.parametrize(("mine", "count"), [(None, 2), ("0.02", 2), ("0.01", 2), ("0.009", 3)])
def test_a_premium_float_is_comparable_only_to_another(mine: str | None, count: int) -> None:
    """Sales below 0.01 count for an item below 0.01, ordinary sales for everybody."""
    sales = [a_sale(3000, float_value="0.005"), a_sale(1000, float_value="0.01"), a_sale(1000)]

    assert count == len(comparable(sales, PLAIN, Decimal(mine) if mine else None, NOW))


def test_one_asset_counts_once_with_its_cheapest_sale() -> None:
    """The same float and pattern sold day after day is one piece of evidence."""
    sales = [a_sale(2000 + day, day * DAY, float_value="0.2", paint_seed=7) for day in range(5)]

    assert [sales[0]] == independent_sales(sales)


def test_assets_without_attributes_are_told_apart_by_time_only() -> None:
    """Games without floats and patterns keep every sale that is an hour from the last."""
    sales = [a_sale(1000, day * DAY) for day in range(5)]

    assert sales == independent_sales(sales)


@pytest.mark.parametrize(("float_value", "paint_seed"), [("0.2", None), (None, 7)])
def test_half_an_identity_is_none(float_value: str | None, paint_seed: int | None) -> None:
    """A pattern alone is shared by many items."""
    sales = [a_sale(1000, day * DAY, float_value=float_value, paint_seed=paint_seed) for day in range(3)]

    assert sales == independent_sales(sales)


def test_an_hour_counts_once_with_its_cheapest_sale() -> None:
    """An hour begins with its first sale and is half-open."""
    last, cheap, dear = a_sale(900), a_sale(1000, DAY + MINUTE), a_sale(1100, DAY + HOUR)

    assert [last, cheap] == independent_sales([last, cheap, dear])
    assert len(independent_sales([a_sale(900, DAY), cheap, dear])) == 2


def test_a_burst_of_one_asset_is_one_sale() -> None:
    """Ten faked sales in half an hour weigh as much as one."""
    assert len(independent_sales(a_burst(2000))) == 1


@pytest.mark.parametrize(("count", "rank"), [(1, 1), (4, 1), (5, 2), (8, 2), (9, 3), (12, 3), (20, 5)])
def test_the_low_quantile_is_the_nearest_rank_at_a_quarter(count: int, rank: int) -> None:
    """Prices 1..n in any order: the rank is n / 4 rounded up."""
    assert rank == low_quantile(range(count, 0, -1))


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=40))
def test_three_quarters_of_the_prices_reach_the_low_quantile(prices: list[int]) -> None:
    """It is a price that was paid, and at least three of four sales reached it."""
    price = low_quantile(prices)

    assert price in prices
    assert 4 * sum(one >= price for one in prices) >= 3 * len(prices)


def test_evidence_states_price_rate_and_times() -> None:
    """Twelve sales, two a day but for the first: 12 in 5.75 days."""
    history = a_history(some_sales(range(1000, 1012), newest=6 * HOUR, apart=12 * HOUR), complete=False)

    evidence = sales_evidence(history, an_offer(), NOW)

    assert (evidence.count, evidence.independent, evidence.price) == (12, 12, 1001)
    assert evidence.per_day.quantize(Decimal("0.001")) == Decimal("2.087")
    assert (evidence.newest, evidence.oldest) == (NOW - 6 * HOUR, NOW - 138 * HOUR)
    assert evidence.span == 132 * HOUR
    assert not evidence.complete


def test_the_rate_never_counts_on_less_than_a_day() -> None:
    """Three sales in the last three hours are three a day, not twenty-four."""
    history = a_history(some_sales([1000] * 3, newest=HOUR, apart=HOUR))

    assert sales_evidence(history, an_offer(), NOW).per_day == 3


def test_one_sale_far_above_the_rest_changes_nothing() -> None:
    """The low quantile does not see a lone high sale."""
    history = a_history([a_sale(3000, HOUR), *some_sales([1000] * 8)])

    assert sales_evidence(history, an_offer(), NOW).price == 1000


def test_a_wash_burst_does_not_lift_the_price() -> None:
    """Ten sales at twice the price against four genuine ones."""
    history = a_history([*a_burst(2000), *some_sales([1000] * 4)])

    evidence = sales_evidence(history, an_offer(), NOW)

    assert (evidence.count, evidence.independent, evidence.price) == (14, 5, 1000)


def test_a_falling_market_is_priced_by_its_newest_sales() -> None:
    """Five sales at 800 after fifteen at 1000: the older ones do not hold the price up."""
    history = a_history(some_sales([800] * 5 + [1000] * 15))

    assert sales_evidence(history, an_offer(), NOW).price == 800


def test_a_rising_market_is_priced_by_all_sales() -> None:
    """Five dear sales after fifteen cheap ones prove nothing yet."""
    history = a_history(some_sales([1300] * 5 + [1000] * 15))

    assert sales_evidence(history, an_offer(), NOW).price == 1000


def test_only_sold_listings_make_price_rate_and_times() -> None:
    """A filled bid shows that the item is traded, not that a listing sells: neither when nor for what."""
    bids = [a_sale(100, MINUTE, side=SaleSide.TARGET), a_sale(100, 29 * DAY, side=SaleSide.UNKNOWN)]
    history = a_history([*bids, *some_sales([1000] * 5)])

    evidence = sales_evidence(history, an_offer(), NOW)

    assert (evidence.count, evidence.independent, evidence.price) == (7, 5, 1000)
    assert (evidence.newest, evidence.span) == (NOW - 6 * HOUR, 72 * HOUR)


def test_without_a_sold_listing_there_is_no_price() -> None:
    """Filled bids alone are counted and prove no price, rate or time."""
    evidence = sales_evidence(a_history(some_sales([900] * 6, side=SaleSide.TARGET)), an_offer(), NOW)

    assert (evidence.count, evidence.independent, evidence.price) == (6, 0, None)
    assert (evidence.per_day, evidence.newest, evidence.oldest, evidence.span) == (Decimal(0), None, None, timedelta(0))


def test_the_lowest_price_is_that_of_the_cheapest_variant() -> None:
    """An aggregate mixes the phases; filled bids and premium floats do not count."""
    ruby, phase_2 = Variant(phase="ruby"), Variant(phase="phase-2")
    sales = [*some_sales([9000] * 5, variant=ruby), *some_sales([1000] * 5, variant=phase_2)]
    noise = [a_sale(10, side=SaleSide.TARGET), a_sale(500, float_value="0.001", paint_seed=9)]

    assert lowest_price(a_history([*sales, *noise]), NOW) == 1000
    assert lowest_price(a_history(noise), NOW) is None
