from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.quiet import Window, day_begin, place_of, quiet_window

BERLIN = "Europe/Berlin"
NIGHT = (23 * 60, 7 * 60)
ZONES = ("UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month and day are always given


def test_a_night_reaches_over_midnight() -> None:
    """From 23 to 7 local time, the end not included; in summer Berlin is two hours ahead of UTC."""
    night = Window(utc(2026, 7, 1, 21), utc(2026, 7, 2, 5))

    assert quiet_window(utc(2026, 7, 1, 20, 59), BERLIN, *NIGHT) is None
    assert quiet_window(utc(2026, 7, 1, 21), BERLIN, *NIGHT) == night
    assert quiet_window(utc(2026, 7, 2, 4, 59), BERLIN, *NIGHT) == night
    assert quiet_window(utc(2026, 7, 2, 5), BERLIN, *NIGHT) is None


def test_a_siesta_lies_in_one_day() -> None:
    """An end after the beginning is on the same day."""
    siesta = Window(utc(2026, 1, 10, 12), utc(2026, 1, 10, 14))

    assert quiet_window(utc(2026, 1, 10, 13), BERLIN, 13 * 60, 15 * 60) == siesta
    assert quiet_window(utc(2026, 1, 10, 14), BERLIN, 13 * 60, 15 * 60) is None


@pytest.mark.parametrize("hours", [(None, None), (None, 60), (60, None), (60, 60)])
def test_without_two_different_times_nothing_is_quiet(hours: tuple[int | None, int | None]) -> None:
    """Not set, set by half, or a window of no length."""
    assert quiet_window(utc(2026, 7, 1, 1), "UTC", *hours) is None


def test_a_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    """29 March 2026 in Berlin."""
    night = quiet_window(utc(2026, 3, 29, 0), BERLIN, *NIGHT)

    assert night
    assert night.end - night.begin == timedelta(hours=7)


def test_a_time_that_is_left_out_is_the_jump() -> None:
    """At 2:00 the clock shows 3:00: an end at 2:30 is then, and so is a beginning."""
    jump = utc(2026, 3, 29, 1)
    ending = quiet_window(jump - timedelta(seconds=1), BERLIN, 60, 150)
    beginning = quiet_window(jump, BERLIN, 150, 240)

    assert ending == Window(utc(2026, 3, 29, 0), jump)
    assert quiet_window(jump, BERLIN, 60, 150) is None
    assert beginning == Window(jump, utc(2026, 3, 29, 2))


def test_a_time_that_comes_twice_begins_the_first_and_ends_the_second_time() -> None:
    """25 October 2026 in Berlin: 2:00 to 3:00 comes twice, and the quiet does not break between."""
    around = Window(utc(2026, 10, 24, 23), utc(2026, 10, 25, 1, 30))
    inside = Window(utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 1, 45))

    assert {quiet_window(utc(2026, 10, 25, 0, minute), BERLIN, 60, 150) for minute in range(60)} == {around}
    assert quiet_window(utc(2026, 10, 25, 0, 50), BERLIN, 135, 165) == inside


def test_a_zone_that_is_not_known_is_utc() -> None:
    """A message must not fail of a name that a former version of the zone data knew."""
    assert place_of("Mars/Olympus") == place_of("../etc") == place_of("") == ZoneInfo("UTC")
    assert quiet_window(utc(2026, 7, 1, 23, 30), "Mars/Olympus", *NIGHT)


def test_a_day_begins_at_local_midnight() -> None:
    """Where a zone leaves its midnight out, with the hour after it."""
    assert day_begin(utc(2026, 7, 1, 22, 30), BERLIN) == utc(2026, 7, 1, 22)
    assert day_begin(utc(2026, 7, 1, 21, 30), BERLIN) == utc(2026, 6, 30, 22)
    assert day_begin(utc(2018, 11, 4, 12), "America/Sao_Paulo") == utc(2018, 11, 4, 3)


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  # made aware below
    zone=st.sampled_from(ZONES),
    begin=st.integers(0, 1439),
    end=st.integers(0, 1439),
)
def test_every_moment_of_a_window_finds_the_same_window(at: datetime, zone: str, begin: int, end: int) -> None:
    """Whenever it is asked for: a summary at its end is one, whoever writes it."""
    now = at.replace(tzinfo=UTC)
    window = quiet_window(now, zone, begin, end)
    if window is None:
        return

    assert window.begin <= now < window.end
    last = window.end - timedelta(seconds=1)
    assert {quiet_window(moment, zone, begin, end) for moment in (window.begin, last)} == {window}
    assert window.end - window.begin <= timedelta(hours=25)
