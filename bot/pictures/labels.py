"""What is written in a chart, in the reader's language and on the reader's clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal

from bot.speech import Speech
from domain.games import GAMES
from domain.money import Cents
from models.queries.charts import Course

DAY = timedelta(days=1)
_CLOCK, _DATE = "HH:mm", "d MMM"


@dataclass(frozen=True, slots=True)
class Labels:
    """Plain texts, no HTML. `sold` are listings that were bought, `filled` bids that were. `money` writes an amount
    in cents, `round_money` one of whole dollars; `times` are the marks of the time axis with their texts.
    """

    title: str
    below: str
    ask: str
    bid: str
    sold: str
    filled: str
    unread: str
    money: Callable[[Cents], str]
    round_money: Callable[[Cents], str]
    times: tuple[tuple[datetime, str], ...]


def labels(course: Course, speech: Speech, zone: str) -> Labels:
    """The texts for a course in one language, on the clock of an IANA zone."""
    span = course.until - course.since
    pattern, step = (_CLOCK, timedelta(hours=6)) if span <= DAY else (_DATE, max(DAY, span / 5))
    clock, locale = ZoneInfo(zone), Locale.parse(speech.language)
    marks = _marks(course.since, course.until, step, clock)
    return Labels(
        title=course.title,
        below=_below(course, speech, span),
        ask=speech.text("Ask"),
        bid=speech.text("Bid"),
        sold=speech.text("Sold"),
        filled=speech.text("Sold to bids"),
        unread=speech.text("Not read"),
        money=speech.usd,
        round_money=lambda amount: _dollars(amount, locale),
        times=tuple((mark, format_datetime(mark, pattern, tzinfo=clock, locale=locale)) for mark in marks),
    )


def _below(course: Course, speech: Speech, span: timedelta) -> str:
    """`CS2 · 7 d · read 2 min ago`: how new the newest that is drawn is."""
    game = GAMES[course.game].label if course.game in GAMES else course.game
    covers = speech.age(span) if span > DAY else speech.text("{n} h", n=span // timedelta(hours=1))
    if course.seen_at is None:
        return speech.text("{game} · {span} · price never read", game=game, span=covers)
    ago = speech.age(course.until - course.seen_at)
    return speech.text("{game} · {span} · read {age} ago", game=game, span=covers, age=ago)


def _dollars(amount: Cents, locale: Locale) -> str:
    """As Speech.usd without the cents: `$1,234`."""
    pattern: str = locale.currency_formats["standard"].pattern.replace("¤", "$").replace(".00", "")
    return str(format_decimal(Decimal(amount).scaleb(-2), format=pattern, locale=locale))


def _marks(since: datetime, until: datetime, step: timedelta, clock: ZoneInfo) -> Iterator[datetime]:
    """Round hours or midnights of that clock, at least `step` apart; summer time shifts none of them."""
    day = since.astimezone(clock).date()
    hours = range(0, 24, step // timedelta(hours=1)) if step < DAY else (0,)
    last = since - step
    while (midnight := datetime.combine(day, time(), clock)) <= until:
        for hour in hours:
            mark = midnight.replace(hour=hour).astimezone(UTC)
            if since <= mark <= until and mark - last >= step - timedelta(hours=1):
                yield mark
                last = mark
        day += DAY
