from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import zones
from bot.speech import LANGUAGES, speech
from bot.zones import COMMON, MOST, city, find, offset

WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  berlin ", "Europe/Berlin"),
        ("Берлин", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Europe / Berlin", "Europe/Berlin"),
        ("нью-йорк", "America/New_York"),
        ("new york", "America/New_York"),
        ("NEW_YORK", "America/New_York"),
        ("Kiev", "Europe/Kyiv"),
        ("киев", "Europe/Kyiv"),
        ("Calcutta", "Asia/Kolkata"),
        ("são paulo", "America/Sao_Paulo"),
        ("utc", "UTC"),
    ],
)
def test_a_place_is_found_by_its_name_in_any_language(typed: str, zone: str) -> None:
    """Spelled as people do; old names stand for the new ones."""
    assert find(typed, WINTER) == [zone]


@pytest.mark.parametrize("typed", ["", "x", "Atlantis", "/", "..", "🌍", "../../etc/passwd", "UTC+99"])
def test_what_is_no_place_finds_nothing(typed: str) -> None:
    """A letter or two are no name."""
    assert find(typed, WINTER) == []


def test_once_warm_the_first_city_reads_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the table of names: the bot makes it at its start."""
    zones.warm()
    monkeypatch.setattr(zones, "available_timezones", lambda: pytest.fail("read again"))

    assert find("Lissabon", WINTER) == ["Europe/Lisbon"]


def test_a_part_of_a_name_may_mean_several() -> None:
    """No more than fit below a message."""
    found = find("san", WINTER)

    assert 1 < len(found) <= MOST
    assert "America/Santiago" in found


def test_an_offset_finds_the_places_whose_clock_shows_it_now() -> None:
    """In summer others than in winter, and always the zone that never changes."""
    assert find("UTC+1", WINTER) == ["Europe/Madrid", "Europe/Berlin", "Etc/GMT-1"]
    assert find("+1", SUMMER) == ["Europe/London", "Etc/GMT-1"]
    assert find("GMT+5:30", WINTER) == ["Asia/Kolkata"]
    assert find("utc−8", WINTER) == ["America/Los_Angeles", "Etc/GMT+8"]


def test_cities_are_named_in_the_language_of_the_chat() -> None:
    """Fixed offsets by what they are."""
    assert [city("Europe/Moscow", speech(language)) for language in ("en", "ru", "de")] == [
        "Moscow",
        "Москва",
        "Moskau",
    ]
    assert city("Etc/GMT-3", speech("ru")) == "UTC+3"
    assert city("UTC", speech("de")) == "UTC"


def test_an_offset_is_written_with_its_minutes() -> None:
    """Where there are some."""
    assert offset("Asia/Kolkata", WINTER) == "UTC+5:30"
    assert offset("America/New_York", WINTER) == "UTC-5"
    assert offset("UTC", WINTER) == "UTC+0"


def test_the_common_zones_exist_and_have_distinct_names() -> None:
    """From west to east, in every language."""
    offsets = [WINTER.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for zone in COMMON]

    assert all(len({city(zone, speech(language)) for zone in COMMON}) == len(COMMON) for language in LANGUAGES)
    assert offsets == sorted(offsets)
