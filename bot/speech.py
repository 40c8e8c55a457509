"""One language: its sentences, plurals, money, numbers and times. English sentences are the keys of the catalogues."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from domain.money import BasisPoints, Cents

FOLDER = Path(__file__).parent / "locales"
ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {"en": "English", "ru": "Русский", "es": "Español", "de": "Deutsch"}


def marked(message: str) -> str:
    """A sentence that stands in a table and is spoken later: this only shows it to the catalogues."""
    return message


def counted(one: str, many: str) -> tuple[str, str]:
    """Both forms of a sentence with a number that stand in a table, for Speech.plural: as `marked`."""
    return one, many


_MOMENTS = {"de": "d. MMM, HH:mm"}
_MOMENT = "d MMM, HH:mm"
_UNITS = ((86_400, marked("{n} d")), (3600, marked("{n} h")), (60, marked("{n} min")), (1, marked("{n} s")))


def guessed(code: str | None) -> str:
    """The language of ours that a client's language code asks for (`ru`, `de-AT`), else English."""
    primary = (code or "").partition("-")[0].lower()
    return primary if primary in LANGUAGES else ENGLISH


class Speech:
    """Says things in one language; values that are put into sentences must be HTML already."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else ENGLISH
        self._locale = Locale.parse(self.language)
        self._catalogue = _catalogue(self.language)
        self._money = self._locale.currency_formats["standard"].pattern.replace("¤", "$")
        self._percent = self._locale.percent_formats[None].pattern.replace("##0", "##0.0")

    def text(self, message: str, /, **values: object) -> str:
        """A sentence of the catalogue with its `{names}` filled in."""
        return self._catalogue.gettext(message).format(**values) if message else ""

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form of a sentence that fits `n`, which it may name as `{n}`."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **values)

    def usd(self, amount: Cents) -> str:
        """Cents in dollars: 1234 is `$12.34` in English, `12,34 $` in German."""
        return self._shown(Decimal(amount).scaleb(-2), self._money)

    def percent(self, rate: BasisPoints) -> str:
        """Basis points with one decimal, towards zero: 1166 is `11.6%`."""
        share = (Decimal(rate).scaleb(-1).to_integral_value(ROUND_DOWN) + 0).scaleb(-3)
        return self._shown(share, self._percent)

    def gain(self, net: Cents, return_bps: BasisPoints) -> str:
        """A net result in money and percent: `+$1.16 · 11.6%`, `-$0.40 · -3.2%`."""
        return f"{'+' if net > 0 else ''}{self.usd(net)} · {self.percent(return_bps)}"

    def number(self, value: int | Decimal) -> str:
        """A number with the language's separators: `34,501`."""
        return self._shown(Decimal(value))

    def _shown(self, value: Decimal, pattern: str | None = None) -> str:
        return str(format_decimal(value, format=pattern, locale=self._locale))

    def age(self, passed: timedelta) -> str:
        """A time span in its largest whole unit: `45 s`, `12 min`, `3 h`, `4 d`. A negative one is `0 s`."""
        seconds = max(0, int(passed.total_seconds()))
        size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
        return self.text(unit, n=self.number(seconds // size))

    def moment(self, at: datetime, zone: str) -> str:
        """A point in time on the clock of an IANA zone, without its name: `23 Nov, 14:05`."""
        return format_datetime(at, _MOMENTS.get(self.language, _MOMENT), tzinfo=ZoneInfo(zone), locale=self._locale)


@cache
def speech(language: str) -> Speech:
    """The speech of a language; one that we do not speak gets English."""
    return Speech(language)


def _catalogue(language: str) -> NullTranslations:
    path = FOLDER / f"{language}.po"
    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
