"""What measured numbers come to."""

import pytest

from benchmarks.figures import growth_percent, most_in_a_rolling_second, percentile, seconds_over, used_share


def test_a_burst_across_two_clock_seconds_is_one_burst() -> None:
    """Twenty calls around the turn of a second are twenty within one rolling second."""
    times = [0.9] * 10 + [1.1] * 10 + [3.0]

    assert most_in_a_rolling_second(times) == 20


def test_calls_a_whole_second_apart_are_not_in_the_same_one() -> None:
    """The rolling second is half open, and the order in which calls were recorded does not matter."""
    assert most_in_a_rolling_second([2.0, 1.0, 3.0]) == 1
    assert most_in_a_rolling_second([1.999, 1.0]) == 2
    assert most_in_a_rolling_second([]) == 0


def test_every_call_beyond_the_limit_is_a_second_over_it() -> None:
    """Four calls in half a second against a limit of two: the third and the fourth complete a second too full."""
    times = [0.0, 0.1, 0.2, 0.5, 1.6]

    assert seconds_over(times, 2) == 2
    assert seconds_over(times, 4) == 0


def test_the_used_share_counts_only_the_window() -> None:
    """Ten of twenty allowed calls in the window are 50 %; its start belongs to it, its end does not."""
    times = [0.9, 1.0, *[1.5] * 9, 2.0]

    assert used_share(times, start=1.0, seconds=1.0, limit=20) == 50


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_a_measured_value(percent: int, expected: int) -> None:
    """The nearest rank: of 1 to 100 the 99th percentile is 99."""
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_of_few_values_the_highest_percentile_is_the_largest() -> None:
    """Twenty values have no 99th percentile below their maximum, and one value is every percentile."""
    assert percentile([*[1.0] * 19, 7.0], 99) == 7
    assert percentile([3.0], 50) == 3


def test_no_values_have_no_percentile() -> None:
    """A benchmark that measured nothing must not report a number."""
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 50)


def test_growth_is_the_rise_of_the_line_in_percent_of_the_mean() -> None:
    """From 99 to 101 is 2 % of the mean 100, whatever lies evenly between; falling is negative."""
    assert growth_percent([99, 100, 101]) == pytest.approx(2)
    assert growth_percent([101, 100, 99]) == pytest.approx(-2)
    assert growth_percent([100] * 5) == 0


def test_a_single_peak_in_the_middle_is_no_growth() -> None:
    """Memory that was needed for a moment and given back is none that leaks."""
    assert growth_percent([100, 100, 150, 100, 100]) == pytest.approx(0)


def test_one_value_has_no_growth() -> None:
    """A course of one look says nothing."""
    with pytest.raises(ValueError, match="at least two values"):
        growth_percent([100])
