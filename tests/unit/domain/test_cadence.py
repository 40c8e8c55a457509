from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cadence import CALM, LEAST, PULSE, Cadence, Features, worth

FEE = 1_000
SECOND = timedelta(seconds=1)


def a_title(
    bid: int | None = 800,
    ask: int | None = 1_000,
    *,
    counts: int = 10,
    churn: int = 0,
    quiet: int = 0,
    sales_price: int | None = None,
    sold: int | None = None,
    sold_within: int = 86_400,
) -> Features:
    return Features(bid, counts, ask, counts, churn, quiet, sales_price, sold, sold_within)


def test_a_title_that_sells_more_is_worth_more() -> None:
    """Sales a day count where they are known, offers and bids where they are not."""
    slow, fast = (worth(a_title(sales_price=900, sold=sold), FEE) for sold in (1, 50))
    thin, deep = (worth(a_title(counts=counts), FEE) for counts in (1, 200))

    assert fast > 10 * slow
    assert deep > 10 * thin


def test_the_rate_is_what_counts_and_not_the_number_of_sales() -> None:
    """A hundred sales in a day tell of another title than a hundred in a month; less than a day counts as one."""
    day, month, hour = (
        worth(a_title(sales_price=900, sold=100, sold_within=seconds), FEE) for seconds in (86_400, 2_592_000, 3_600)
    )

    assert day > 10 * month
    assert hour == day


def test_a_price_that_moves_is_worth_more_and_is_forgotten_by_the_hour() -> None:
    """Churn halves with every hour without a change."""
    still, moving, an_hour_ago, long_ago = (
        worth(a_title(churn=churn, quiet=quiet), FEE)
        for churn, quiet in ((0, 0), (20_000, 60), (20_000, 3_600), (20_000, 10**9))
    )

    assert moving - still == pytest.approx(2 * (an_hour_ago - still), rel=0.01)
    assert long_ago == still


def test_an_ask_near_to_paying_is_worth_more() -> None:
    """At the better of the best bid and the careful sales price, after the fee; beyond a third it no longer matters."""
    far, further, near, pays, by_sales = (
        worth(a_title(bid, sales_price=sales, sold=5), FEE)
        for bid, sales in ((500, None), (100, None), (1_000, None), (1_200, None), (500, 1_200))
    )

    assert pays == by_sales > near > far == further


def test_unknown_sales_are_no_reason_to_look_away() -> None:
    """A title is not taken for hopeless because nobody has read its sales yet."""
    assert worth(a_title(bid=None), FEE) > 0
    assert worth(a_title(bid=100), FEE) > worth(a_title(bid=100, sold=0), FEE)


@pytest.mark.parametrize(("bid", "ask"), [(None, None), (30, 49), (90_000, 100_001), (None, 3), (20, None)])
def test_what_no_level_holds_is_worth_the_least_and_never_nothing(bid: int | None, ask: int | None) -> None:
    """It may come back into a band, so it is read now and then."""
    assert worth(a_title(bid, ask, counts=5_000), FEE) == LEAST


def test_a_title_without_offers_is_judged_by_its_bids() -> None:
    """The next offer may be a cheap one."""
    assert worth(a_title(bid=1_000, ask=None), FEE) >= CALM


@given(
    st.builds(
        a_title,
        st.one_of(st.none(), st.integers(1, 10**7)),
        st.one_of(st.none(), st.integers(1, 10**7)),
        counts=st.integers(0, 10**6),
        churn=st.integers(0, 10**7),
        quiet=st.integers(0, 10**9),
        sold=st.one_of(st.none(), st.integers(0, 100)),
        sold_within=st.integers(0, 10**9),
    )
)
def test_worth_is_a_positive_number_that_a_column_holds(title: Features) -> None:
    """Whatever the exchange says of a title."""
    assert LEAST <= worth(title, FEE) < 2**31


@given(seconds=st.integers(1, 90_000), calls=st.integers(0, 500), at_once=st.integers(0, 600))
def test_a_runs_calls_are_all_made_well_before_the_next_run(seconds: int, calls: int, at_once: int) -> None:
    """What was never read does not wait; the rest is spread in order over the interval, a minute at most."""
    interval = seconds * SECOND

    pulses = Cadence(interval).pulses(calls, at_once)

    delays = [delay for delay, _ in pulses]
    assert sum(count for _, count in pulses) == calls
    assert all(count > 0 for _, count in pulses)
    assert delays == sorted(set(delays))
    assert all(timedelta() <= delay < min(interval, 60 * SECOND) * 0.8 + PULSE for delay in delays)
    assert sum(count for delay, count in pulses if not delay) >= min(calls, at_once)


def test_calls_are_spread_evenly() -> None:
    """A hundred over 24 seconds are four or five each second."""
    counts = [count for _, count in Cadence(30 * SECOND).pulses(100, 0)]

    assert len(counts) == 48
    assert set(counts) == {2, 3}


@pytest.mark.parametrize(("interval", "ceiling"), [(30, 120), (60, 240), (10, 60), (1, 60)])
def test_the_stated_age_follows_the_interval(interval: int, ceiling: int) -> None:
    """Four intervals, a minute at least."""
    assert Cadence(interval * SECOND).ceiling == ceiling * SECOND


def test_overdue_groups_are_all_served_below_the_ceiling() -> None:
    """Half the calls of each run are enough, even when a whole catalogue is overdue at the begin of one."""
    cadence, groups = Cadence(30 * SECOND), 101
    read_at = [place * cadence.interval * 4 / 5 / groups for place in range(groups)]
    oldest = timedelta()
    for run in range(1, 40):
        for place in range(groups):
            now = run * cadence.interval + place * cadence.interval * 4 / 5 / groups
            oldest = max(oldest, now - min(read_at))
            late = [group for group in range(groups) if read_at[group] <= now - cadence.overdue]
            chosen = min(late, key=lambda group: read_at[group]) if late and place % 2 == 0 else 0
            read_at[chosen] = now

    assert 2 * cadence.interval < oldest <= cadence.ceiling
