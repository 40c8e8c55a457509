from datetime import UTC, datetime, timedelta

import pytest

from bot.speech import LANGUAGES, guessed, speech

NARROW, FIXED = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("de-AT", "de"), ("ES", "es"), ("en-GB", "en"), ("zh-hans", "en"), ("", "en")],
)
def test_the_language_is_guessed_from_the_client(code: str, language: str) -> None:
    """What we do not speak becomes English."""
    assert guessed(code) == language
    assert guessed(None) == "en"


@pytest.mark.parametrize(
    ("language", "money", "loss", "much"),
    [
        ("en", "$12.34", "-$0.40", "$1,234,567.89"),
        ("de", f"12,34{FIXED}$", f"-0,40{FIXED}$", f"1.234.567,89{FIXED}$"),
        ("es", f"12,34{FIXED}$", f"-0,40{FIXED}$", f"1.234.567,89{FIXED}$"),
        ("ru", f"12,34{FIXED}$", f"-0,40{FIXED}$", f"1{FIXED}234{FIXED}567,89{FIXED}$"),
    ],
)
def test_money_reads_as_in_its_language(language: str, money: str, loss: str, much: str) -> None:
    """Always dollars, to the cent."""
    speaking = speech(language)

    assert [speaking.usd(cents) for cents in (1234, -40, 123_456_789)] == [money, loss, much]


@pytest.mark.parametrize(("bps", "text"), [(1166, "11.6%"), (-320, "-3.2%"), (9, "0.0%"), (-9, "0.0%"), (0, "0.0%")])
def test_rates_are_cut_towards_zero(bps: int, text: str) -> None:
    """A return of 11.66 % is never shown as 11.7, and nothing rounds to a loss."""
    assert speech("en").percent(bps) == text


@pytest.mark.parametrize(
    ("net", "bps", "text"), [(116, 1160, "+$1.16 · 11.6%"), (-40, -320, "-$0.40 · -3.2%"), (0, 0, "$0.00 · 0.0%")]
)
def test_a_gain_carries_its_sign(net: int, bps: int, text: str) -> None:
    """A loss is shown as a loss."""
    assert speech("en").gain(net, bps) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"), (400_000, "4 d")],
)
def test_an_age_is_given_in_its_largest_whole_unit(seconds: int, text: str) -> None:
    """A clock that runs ahead never gives a negative age."""
    assert speech("en").age(timedelta(seconds=seconds)) == text


def test_a_moment_is_told_on_the_clock_of_its_zone() -> None:
    """With the daylight saving of that day."""
    winter, summer = datetime(2026, 11, 23, 23, 5, tzinfo=UTC), datetime(2026, 7, 23, 23, 5, tzinfo=UTC)

    assert speech("en").moment(winter, "Europe/Berlin") == "24 Nov, 00:05"
    assert speech("en").moment(summer, "Europe/Berlin") == "24 Jul, 01:05"


def test_every_language_has_a_catalogue_that_can_be_read() -> None:
    """And one that we do not speak gets English."""
    assert all(speech(language).language == language for language in LANGUAGES)
    assert speech("xx").language == "en"
    assert speech("ru").text("") == ""
