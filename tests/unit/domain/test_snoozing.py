from datetime import UTC, datetime, timedelta

import pytest

from domain.snoozing import Nap, ends

EVENING = datetime(2026, 3, 28, 21, 30, tzinfo=UTC)  # Europe's clocks go forward in the night after


def test_a_nap_of_hours_is_as_long_as_it_says() -> None:
    """Whatever the clocks do."""
    assert ends(Nap.HOUR, EVENING, "Europe/Berlin") - EVENING == timedelta(hours=1)
    assert ends(Nap.NIGHT, EVENING, "Europe/Berlin") - EVENING == timedelta(hours=8)


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", datetime(2026, 3, 29, 8, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 6, tzinfo=UTC)),  # summer time by then
        ("Asia/Tokyo", datetime(2026, 3, 29, 23, tzinfo=UTC)),  # where it is tomorrow already
        ("America/New_York", datetime(2026, 3, 29, 12, tzinfo=UTC)),
        ("Nowhere/Else", datetime(2026, 3, 29, 8, tzinfo=UTC)),
    ],
)
def test_tomorrow_is_eight_on_the_clock_of_the_chat(zone: str, end: datetime) -> None:
    """On its own next day; a zone that is not known is UTC."""
    assert ends(Nap.TOMORROW, EVENING, zone) == end
