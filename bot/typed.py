"""Typed answers as values: amounts, shares, spans, ranges, lists. None stands for what cannot be read."""

import re

from domain.deals import OLDEST
from domain.money import BasisPoints, Cents
from domain.traits import MILLIONTHS, value
from domain.words import phrase

LONGEST = 60  # characters of one entry of a list
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,6})(?:[.,]([0-9]{1,2}))?\s*\$?")
_SHARE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]))?\s*%?")
_RATE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]))?")
_FLOAT = re.compile(r"0(?:[.,]([0-9]{1,6}))?|1(?:[.,]0{1,6})?")
_SPAN = re.compile(r"([0-9]{1,6})\s*([a-zа-яё]+)\.?")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")
_DASH = re.compile(r"\s*[-–—]\s*")
_COUNT = re.compile(r"[0-9]{1,6}")
_UNITS = {
    **dict.fromkeys(("s", "sec", "с", "сек", "seg", "sek"), 1),
    **dict.fromkeys(("m", "min", "мин"), 60),
    **dict.fromkeys(("h", "ч", "std"), 3600),
    **dict.fromkeys(("d", "д", "t", "tg"), 86_400),
}

Range = tuple[int | None, int | None]


def cents(text: str) -> Cents | None:
    """`12.50`, `$12,50`, `12 $`: dollars with up to two decimals. A separator of thousands is refused."""
    return _hundredths(_AMOUNT.fullmatch(text.strip()))


def basis_points(text: str) -> BasisPoints | None:
    """`5%`, `5`, `7,5 %`: one decimal, as returns are shown."""
    return _hundredths(_SHARE.fullmatch(text.strip()))


def tenths(text: str) -> int | None:
    """`1.5` as 15."""
    read = _RATE.fullmatch(text.strip())
    return int(read[1]) * 10 + int(read[2] or 0) if read else None


def count(text: str, most: int) -> int | None:
    """A whole number from 1 to `most`."""
    number = int(text) if _COUNT.fullmatch(text := text.strip()) else 0
    return number if 1 <= number <= most else None


def seconds(text: str) -> int | None:
    """`45 s`, `10 min`, `2h`, `1 d`; a number alone is refused, it could be anything."""
    read = _SPAN.fullmatch(text.strip().casefold())
    size = _UNITS.get(read[2]) if read else None
    span = int(read[1]) * size if read and size else 0
    return span if 0 < span <= OLDEST else None


def price_range(text: str) -> Range | None:
    """`3-25` from and to, `3-` from, `-25` to, in dollars."""
    ends = _ends(text)
    if ends is None:
        return None
    low, high = (cents(end) if end else None for end in ends)
    if (ends[0] and low is None) or (ends[1] and high is None):
        return None
    return (low, high) if low is None or high is None or low <= high else None


def float_range(text: str) -> Range | None:
    """`0.07-0.15`, `0.9-`, `-0.01` in millionths: from the first up to but without the second."""
    ends = _ends(text)
    if ends is None:
        return None
    low, high = (_millionths(end) if end else None for end in ends)
    if (ends[0] and low is None) or (ends[1] and high is None):
        return None
    return (low, high) if low is None or high is None or low < high else None


def hours(text: str) -> tuple[int, int] | None:
    """`23:30-8` as minutes of the day from and until; the same twice is refused."""
    ends = _ends(text)
    begin, end = map(_minute, ends) if ends else (None, None)
    return None if begin is None or end is None or begin == end else (begin, end)


def phrases(text: str) -> frozenset[str]:
    """`Karambit, night OPS` as the phrases that titles are searched for (domain.words); none where there is no word."""
    return frozenset(found for part in _parts(text) if (found := phrase(part)))


def traits(text: str) -> frozenset[str]:
    """`Phantom Assassin, Lina` as the exchange's values are spelled here (domain.traits)."""
    return frozenset(found for part in _parts(text) if (found := value(part)))


def _parts(text: str) -> list[str]:
    return [part[:LONGEST] for part in re.split(r"[,;\n]", text)]


def _ends(text: str) -> tuple[str, str] | None:
    """Both sides of the only dash, not both empty."""
    sides = _DASH.split(text.strip())
    return (sides[0], sides[1]) if len(sides) == 2 and any(sides) else None  # noqa: PLR2004  # two sides


def _hundredths(read: re.Match[str] | None) -> int | None:
    return int(read[1]) * 100 + int((read[2] or "").ljust(2, "0")) if read else None


def _millionths(text: str) -> int | None:
    read = _FLOAT.fullmatch(text)
    if read is None:
        return None
    return MILLIONTHS if text.startswith("1") else int((read[1] or "").ljust(6, "0"))


def _minute(text: str) -> int | None:
    read = _CLOCK.fullmatch(text)
    hour, minute = (int(read[1]), int(read[2] or 0)) if read else (24, 0)
    if (hour, minute) == (24, 0) and read:
        return 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None  # noqa: PLR2004  # a day has 24 hours of 60 minutes
