import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import ONE, ceil_share, percent, return_on, usd


@pytest.mark.parametrize(
    ("amount", "rate", "share"), [(1200, 700, 84), (1599, 200, 32), (1599, 1000, 160), (1, 1, 1), (0, 700, 0)]
)
def test_a_share_is_rounded_up_to_a_whole_cent(amount: int, rate: int, share: int) -> None:
    """The fee examples of the exchange, and one cent for any fraction of a cent."""
    assert share == ceil_share(amount, rate)


@given(amount=st.integers(0, 10_000_000), rate=st.integers(0, ONE))
def test_a_share_is_the_least_whole_cent_that_is_enough(amount: int, rate: int) -> None:
    """Never less than the exact share, never a whole cent more."""
    share = ceil_share(amount, rate)

    assert share * ONE >= amount * rate
    assert (share - 1) * ONE < amount * rate


@pytest.mark.parametrize(("net", "cost", "bps"), [(116, 1000, 1160), (1, 3, 3333), (-1, 3, -3334), (0, 50, 0)])
def test_a_return_is_rounded_down(net: int, cost: int, bps: int) -> None:
    """A gain looks smaller and a loss larger than it is, never the other way."""
    assert bps == return_on(net, cost)


@pytest.mark.parametrize("cost", [0, -1])
def test_a_return_on_nothing_is_refused(cost: int) -> None:
    """A purchase without a positive price is a fault of the caller and is named."""
    with pytest.raises(ValueError, match=f"a return needs a positive cost, not {cost} cents"):
        return_on(100, cost)


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "$0.00"), (5, "$0.05"), (1234, "$12.34"), (-5, "-$0.05"), (-1234, "-$12.34"), (123_456_789, "$1,234,567.89")],
)
def test_cents_are_shown_as_dollars(cents: int, text: str) -> None:
    """Two decimals always, the sign before the dollar, thousands apart."""
    assert text == usd(cents)


@pytest.mark.parametrize(
    ("bps", "text"),
    [(0, "0.0%"), (100, "1.0%"), (1160, "11.6%"), (1169, "11.6%"), (9, "0.0%"), (-9, "0.0%"), (-1169, "-11.6%")],
)
def test_basis_points_are_shown_as_percent(bps: int, text: str) -> None:
    """One decimal towards zero, and zero has no sign."""
    assert text == percent(bps)
