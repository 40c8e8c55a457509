"""Charts: what is drawn, what is written, and that no title breaks them."""

import asyncio
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.chart import SIZE, line, render
from bot.pictures.errors import NothingToDrawError
from bot.pictures.labels import labels
from bot.pictures.lettering import BOLD, fitted, legible, width
from bot.pictures.painter import Painter
from bot.pictures.scale import MOST, bounds, marks
from bot.speech import LANGUAGES, speech
from models.queries.charts import Course, Sold, Step
from tests.factories import NOW
from tests.unit.bot.courses import DAY, a_course, a_lively_course

HOUR = timedelta(hours=1)
SPANS = (DAY, 7 * DAY, 30 * DAY)


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels as the file itself says (PNG, IHDR)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")
    return struct.unpack(">II", png[16:24])


def draw(course: Course, language: str = "en", zone: str = "UTC") -> bytes:
    return render(course, labels(course, speech(language), zone))


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_course_becomes_a_picture_for_a_phone(span: timedelta, language: str) -> None:
    """Every span in every language, at least 900 pixels wide, small enough to send at once."""
    png = draw(a_lively_course(span), language)

    assert size_of(png) == SIZE
    assert SIZE[0] >= 900
    assert len(png) < 300_000


def test_the_same_course_gives_the_same_picture() -> None:
    """No state is left in matplotlib by one drawing that changes the next."""
    first = draw(a_lively_course(DAY))

    draw(a_lively_course(30 * DAY, 500), "de")

    assert draw(a_lively_course(DAY)) == first
    assert draw(a_course()) != first


@pytest.mark.parametrize(
    "course",
    [a_course(steps=(), seen_at=None), a_course(steps=(Step(NOW - DAY, None, None),))],
)
def test_without_a_price_and_a_sale_there_is_nothing_to_draw(course: Course) -> None:
    """No empty picture: the screen says that nothing is known yet."""
    with pytest.raises(NothingToDrawError, match="nothing is known of AK-47"):
        draw(course)


@pytest.mark.parametrize(
    "course",
    [
        a_course(steps=(), seen_at=None, sales=(Sold(NOW - HOUR, 1000, listed=True),)),
        a_course(steps=(Step(NOW - HOUR, None, 1),)),
        a_course(steps=(Step(NOW - DAY, 2**31 - 1, 2**31 - 1),)),
        a_course(gaps=((NOW - DAY, NOW),)),
        a_course(seen_at=NOW - 40 * DAY),
        a_course(timedelta(minutes=5)),
    ],
    ids=["sales alone", "one cent", "highest price", "never read", "read long ago", "minutes"],
)
def test_odd_courses_are_drawn(course: Course) -> None:
    """Whatever is known makes a picture."""
    assert size_of(draw(course)) == SIZE


NASTY = "$5 $6 \\frac{1}{2} _*[<&|★™ 龍王 Дракон 🔪👨‍👩‍👧 ﷽ مرحبا e\u0301\u0327 \u202e\x00\x07\n"


@pytest.mark.parametrize("title", [NASTY, NASTY * 20, "龍王", "W" * 300, "", " ", "$", "\\", "\ud800"])
def test_any_title_can_be_written(title: str) -> None:
    """Formulas, other scripts, emoji, control characters and 300 letters: no warning and no box."""
    assert size_of(draw(a_course(title=title))) == SIZE


@settings(max_examples=20, deadline=None)
@given(title=st.text(max_size=60))
def test_random_titles_can_be_written(title: str) -> None:
    """Any Unicode at all."""
    assert size_of(draw(a_course(title=title))) == SIZE


def test_what_the_font_lacks_becomes_one_sign() -> None:
    """★, ™ and Cyrillic are there; Chinese is not, and its characters in a row are one `…`."""
    assert legible("★ M4A4™ | 龍王 (Дракон)", BOLD) == "★ M4A4™ | … (Дракон)"


def test_a_long_text_is_cut_to_the_room_there_is() -> None:
    """It ends in `…` and fits; one that fits stays."""
    cut = fitted("Souvenir " * 30, BOLD, 34, 1000)

    assert cut.endswith("…")
    assert 900 < width(cut, BOLD, 34) <= 1000
    assert fitted("AWP | Fade", BOLD, 34, 1000) == "AWP | Fade"


def seconds(course: Course, at: datetime) -> float:
    return (at - course.since).total_seconds()


def test_a_line_is_stairs_that_end_when_the_price_was_last_seen() -> None:
    """A price holds until the next change, not on the way to it."""
    course = a_course(steps=(Step(NOW - DAY, 900, 1000), Step(NOW - 6 * HOUR, 900, 1100)), seen_at=NOW - HOUR)

    x, y = line(course, [1000, 1100])

    assert y == [1000, 1000, 1100, 1100]
    assert x == [0, 18 * 3600, 18 * 3600, 23 * 3600]


def test_no_line_leads_through_a_gap_or_an_empty_side() -> None:
    """What nobody read is not invented: the line ends at the gap and goes on behind it."""
    gap = (NOW - 20 * HOUR, NOW - 16 * HOUR)
    course = a_course(
        steps=(Step(NOW - DAY, None, 1000), Step(NOW - 6 * HOUR, None, None), Step(NOW - 4 * HOUR, None, 900)),
        gaps=(gap,),
        seen_at=NOW,
    )

    x, y = line(course, [step.ask for step in course.steps])

    drawn = [(start / 3600, end / 3600, a) for (start, a), (end, b) in pairwise(zip(x, y, strict=True)) if a and a == b]
    assert drawn == [(0, 4, 1000), (8, 18, 1000), (20, 24, 900)]


@given(prices=st.lists(st.integers(1, 2**31 - 1), min_size=1))
def test_the_axis_holds_the_prices_with_few_round_marks(prices: list[int]) -> None:
    """Everything up to three times the median is inside; one to five marks, evenly apart."""
    low, high = bounds(prices)

    found = marks(low, high)

    middle = sorted(prices)[(len(prices) - 1) // 2]
    assert low <= min(prices)
    assert all(price < high for price in prices if price <= 3 * middle)
    assert 1 <= len(found) <= MOST
    assert low <= found[0] <= found[-1] <= high
    assert len({later - earlier for earlier, later in pairwise(found)}) <= 1


@pytest.mark.parametrize(
    ("span", "zone", "texts"),
    [
        (DAY, "UTC", ["12:00", "18:00", "00:00", "06:00", "12:00"]),
        (DAY, "Asia/Kolkata", ["18:00", "00:00", "06:00", "12:00"]),
        (7 * DAY, "Europe/Berlin", ["16 Nov", "18 Nov", "20 Nov", "22 Nov"]),
        (30 * DAY, "America/New_York", ["24 Oct", "30 Oct", "5 Nov", "11 Nov", "17 Nov"]),
    ],
)
def test_times_are_marked_on_the_readers_clock(span: timedelta, zone: str, texts: list[str]) -> None:
    """Round hours or midnights there, few enough to be read."""
    course = a_course(span)

    written = labels(course, speech("en"), zone).times

    assert [text for _, text in written] == texts
    assert all(course.since <= at <= course.until and at.tzinfo is UTC for at, _ in written)


def test_summer_time_moves_no_mark() -> None:
    """In the night when clocks go back a midnight is still a midnight: New York, 1 November 2026."""
    until = datetime(2026, 11, 1, 13, tzinfo=UTC)
    course = replace(a_course(), since=until - DAY, until=until)

    written = labels(course, speech("en"), "America/New_York").times

    assert [(at.hour, text) for at, text in written] == [(16, "12:00"), (22, "18:00"), (4, "00:00"), (11, "06:00")]


def test_the_head_says_how_old_the_newest_is() -> None:
    """And that a price was never read where only sales are known."""
    english = speech("en")

    read, unread = labels(a_course(), english, "UTC"), labels(a_course(7 * DAY, seen_at=None), english, "UTC")

    assert read.below == "CS2 · 24 h · read 2 min ago"
    assert unread.below == "CS2 · 7 d · price never read"
    assert (read.money(123456), read.round_money(123400)) == ("$1,234.56", "$1,234")
    assert labels(a_course(), speech("de"), "UTC").round_money(123400) == "1.234\xa0$"


def test_pictures_asked_for_at_once_are_drawn_one_after_another() -> None:
    """Off the event loop, each the same as drawn alone."""
    courses = [a_lively_course(span) for span in SPANS]
    written = [labels(course, speech("en"), "UTC") for course in courses]

    async def drawn() -> list[bytes]:
        painter = Painter()
        try:
            await painter.warm()
            return await asyncio.gather(*map(painter.chart, courses, written))
        finally:
            painter.close()

    assert asyncio.run(drawn()) == [render(*both) for both in zip(courses, written, strict=True)]


def test_the_painter_tells_that_there_is_nothing_to_draw() -> None:
    """The error comes out of the thread as it is."""
    course = a_course(steps=())

    async def drawn() -> bytes:
        painter = Painter()
        try:
            return await painter.chart(course, labels(course, speech("en"), "UTC"))
        finally:
            painter.close()

    with pytest.raises(NothingToDrawError):
        asyncio.run(drawn())
