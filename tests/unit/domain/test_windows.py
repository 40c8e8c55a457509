"""Digest windows on local clocks: every moment is in exactly one of them, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.windows import Every, Window, latest, next_due

BERLIN, NEW_YORK, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
ZONES = [BERLIN, NEW_YORK, KOLKATA, ZoneInfo("UTC"), ZoneInfo("Africa/Cairo"), ZoneInfo("America/Santiago")]
ON = [every for every in Every if every is not Every.OFF]


def at(text: str, zone: ZoneInfo) -> datetime:
    """A moment on a clock of the zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@given(
    st.sampled_from(ON),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
)
def test_windows_follow_one_another_without_gap_or_overlap(every: Every, zone: ZoneInfo, now: datetime) -> None:
    """The newest ended one ends by now, the open one begins there, and the next ended one is the open one."""
    window, due = latest(every, zone, now), next_due(every, zone, now)

    assert due is not None
    assert window.start < window.end <= now < due
    assert latest(every, zone, due) == Window(window.end, due)
    assert latest(every, zone, due - timedelta(microseconds=1)) == window


@pytest.mark.parametrize(
    ("every", "zone", "now", "start", "end"),
    [
        (Every.HOURLY, BERLIN, "2026-11-23T12:34:56", "2026-11-23T11:00", "2026-11-23T12:00"),
        (Every.HOURLY, KOLKATA, "2026-11-23T12:34:56", "2026-11-23T11:00", "2026-11-23T12:00"),
        (Every.THREE_HOURS, BERLIN, "2026-11-23T12:00", "2026-11-23T09:00", "2026-11-23T12:00"),
        (Every.SIX_HOURS, BERLIN, "2026-11-23T11:59", "2026-11-23T00:00", "2026-11-23T06:00"),
        (Every.DAILY, NEW_YORK, "2026-11-23T08:59", "2026-11-21T09:00", "2026-11-22T09:00"),
        (Every.DAILY, NEW_YORK, "2026-11-23T09:00", "2026-11-22T09:00", "2026-11-23T09:00"),
        (Every.WEEKLY, BERLIN, "2026-11-23T08:59", "2026-11-09T09:00", "2026-11-16T09:00"),
        (Every.WEEKLY, BERLIN, "2026-11-23T09:00", "2026-11-16T09:00", "2026-11-23T09:00"),
    ],
)
def test_windows_end_on_the_clock_of_the_zone(every: Every, zone: ZoneInfo, now: str, start: str, end: str) -> None:
    """Full hours, hours that 3 or 6 divide, 9 in the morning, 9 on Monday morning."""
    assert latest(every, zone, at(now, zone)) == Window(at(start, zone), at(end, zone))


def lengths(every: Every, zone: ZoneInfo, first: str, last: str) -> list[int]:
    """The lengths in hours of the windows that end after `first` and by `last`."""
    now, until, found = at(first, zone), at(last, zone), list[int]()
    while (due := next_due(every, zone, now)) and due <= until:
        window = latest(every, zone, due)
        found.append(int((window.end - window.start) / timedelta(hours=1)))
        now = due
    return found


def test_the_day_of_a_changing_clock_is_one_window_of_23_or_25_hours() -> None:
    """A daily digest comes at 9 on both days, never twice, never not."""
    assert lengths(Every.DAILY, BERLIN, "2026-03-28T09:00", "2026-03-30T09:00") == [23, 24]
    assert lengths(Every.DAILY, BERLIN, "2026-10-24T09:00", "2026-10-26T09:00") == [25, 24]


def test_an_hour_that_the_clock_skips_or_repeats_is_one_window() -> None:
    """Hourly ones stay an hour long; a 3-hour one holds one hour less or more."""
    assert lengths(Every.HOURLY, BERLIN, "2026-03-29T00:00", "2026-03-29T06:00") == [1] * 5
    assert lengths(Every.HOURLY, BERLIN, "2026-10-25T00:00", "2026-10-25T06:00") == [1] * 7
    assert lengths(Every.THREE_HOURS, BERLIN, "2026-03-29T00:00", "2026-03-29T09:00") == [2, 3, 3]
    assert lengths(Every.THREE_HOURS, BERLIN, "2026-10-25T00:00", "2026-10-25T09:00") == [4, 3, 3]


def test_a_midnight_that_does_not_exist_ends_a_window_at_the_change() -> None:
    """In Cairo the clock goes from 23:59 to 1:00 on the last Friday of April."""
    cairo = ZoneInfo("Africa/Cairo")

    assert lengths(Every.SIX_HOURS, cairo, "2026-04-23T18:00", "2026-04-24T12:00") == [6, 5, 6]


def test_nothing_is_due_where_the_digest_is_off() -> None:
    """No end and no window."""
    assert next_due(Every.OFF, BERLIN, datetime.now(UTC)) is None
    with pytest.raises(ValueError, match="off"):
        latest(Every.OFF, BERLIN, datetime.now(UTC))
