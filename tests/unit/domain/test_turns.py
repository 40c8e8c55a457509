from datetime import timedelta

import pytest

from domain.kinds import BULK, DEALS, Kind
from domain.turns import HIGHEST, Lane, deal_priority, lanes, turn_at, usual_priority
from tests.factories import NOW

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("cents_per_day", "priority"),
    [(-5, 0), (0, 0), (7, 0), (8, 1), (15, 1), (16, 2), (116, 4), (2047, 8), (2048, 9), (10**9, 9)],
)
def test_priority_grows_with_each_doubling_of_the_gain(cents_per_day: int, priority: int) -> None:
    """0 to 9."""
    assert deal_priority(cents_per_day) == priority


def test_a_strong_deal_overtakes_a_weak_one_that_is_little_older() -> None:
    """Ten seconds a step; among equals the older one goes first."""
    assert turn_at(NOW, 9) < turn_at(NOW - 89 * SECOND, 0)
    assert turn_at(NOW, 9) == turn_at(NOW - 90 * SECOND, 0)
    assert turn_at(NOW, 5) > turn_at(NOW - SECOND, 5)
    assert turn_at(NOW, 99) == NOW


def test_every_kind_has_a_usual_priority() -> None:
    """Within the range."""
    assert all(0 <= usual_priority(kind) <= HIGHEST for kind in Kind)
    assert not BULK & DEALS


def test_every_lane_has_its_time_in_each_second() -> None:
    """Eight tenths for what is urgent, one for each of the others."""
    first = [lanes(NOW + timedelta(milliseconds=50 + 100 * tenth))[0] for tenth in range(10)]

    assert (first.count(Lane.EDITS), first.count(Lane.BULK), first.count(Lane.URGENT)) == (1, 1, 8)
    assert all(set(lanes(NOW + timedelta(milliseconds=100 * tenth))) == set(Lane) for tenth in range(10))
