from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fees import FeeRate, FeeSource, break_even
from tests.factories import NOW, a_reduced_fee, some_fees

RATES = st.builds(FeeRate, bps=st.integers(0, 3000), minimum=st.integers(0, 50), source=st.just(FeeSource.DEFAULT))


@pytest.mark.parametrize(
    ("price", "bps", "fee"), [(1599, 200, 32), (1599, 1000, 160), (3, 1000, 1), (60, 0, 1), (1200, 700, 84)]
)
def test_a_fee_is_rounded_up_and_at_least_the_minimum(price: int, bps: int, fee: int) -> None:
    """Whole cents upwards, one cent at least even where the fraction is nothing."""
    rate = FeeRate(bps, minimum=1, source=FeeSource.DEFAULT)

    assert fee == rate.fee(price)
    assert price - fee == rate.proceeds(price)


def test_a_valid_reduced_row_replaces_the_default() -> None:
    """Its fraction, the default's minimum, and the alert can tell where it comes from."""
    fees = some_fees(1000, a_reduced_fee(200), minimum=3)

    assert FeeRate(200, 3, FeeSource.REDUCED) == fees.rate(1000, NOW)


@pytest.mark.parametrize("price", [500, 1000])
def test_a_reduced_row_holds_on_both_ends_of_its_prices(price: int) -> None:
    """Its price range is closed."""
    fees = some_fees(1000, a_reduced_fee(200, prices=(500, 1000)))

    assert fees.rate(price, NOW).bps == 200


@pytest.mark.parametrize("price", [499, 1001])
def test_a_reduced_row_says_nothing_of_other_prices(price: int) -> None:
    """A sale outside the row's prices pays the default."""
    fees = some_fees(1000, a_reduced_fee(200, prices=(500, 1000)))

    assert FeeRate(1000, 1, FeeSource.DEFAULT) == fees.rate(price, NOW)


def test_a_reduced_row_ends_when_it_expires() -> None:
    """Valid until, not at, the moment it expires."""
    row = a_reduced_fee(200, lasts=timedelta(hours=1))
    fees = some_fees(1000, row)

    assert fees.rate(1000, row.expires_at - timedelta(microseconds=1)).source is FeeSource.REDUCED
    assert fees.rate(1000, row.expires_at).source is FeeSource.DEFAULT


def test_the_dearest_of_two_valid_rows_counts() -> None:
    """Contradictory rows are read against us."""
    fees = some_fees(1000, a_reduced_fee(200), a_reduced_fee(300))

    assert fees.rate(1000, NOW).bps == 300


def test_an_unknown_list_means_the_assumed_fee() -> None:
    """The conservative fraction stands in, a cent at least, and says that it is assumed."""
    fees = some_fees(None, assumed_bps=1000)

    assert FeeRate(1000, 1, FeeSource.ASSUMED) == fees.rate(1000, NOW)


@given(buy=st.integers(1, 200_000), rate=RATES)
def test_break_even_is_the_lowest_price_that_covers_the_purchase(buy: int, rate: FeeRate) -> None:
    """Selling at it loses nothing, a cent below it does."""
    price = break_even(buy, rate)

    assert rate.proceeds(price) >= buy
    assert rate.proceeds(price - 1) < buy


def test_break_even_is_the_purchase_over_what_the_fee_leaves() -> None:
    """1000 / 0.93 = 1075.27 is reached at 1076 cents."""
    assert break_even(1000, FeeRate(700, 1, FeeSource.DEFAULT)) == 1076
