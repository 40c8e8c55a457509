"""Time zones as people name them: a city in any language of ours, an IANA name, an offset from UTC."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from bot.speech import LANGUAGES, Speech, speech

COMMON = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "UTC",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Moscow",
    "Asia/Dubai",
    "Asia/Yekaterinburg",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)
MOST = 8
FEWEST = 3  # letters of a part of a name
_REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*([0-9]{1,2})(?::?([0-9]{2}))?")
_APART = re.compile(r"[\s_-]+")
_SLASH = re.compile(r"\s*/\s*")
_ALIASES: Mapping[str, str] = get_global("zone_aliases")
_OLD: dict[str, list[str]] = {}
for _old, _new in _ALIASES.items():
    _OLD.setdefault(_new, []).append(_old)


def warm() -> None:
    """Read the names of all zones, hundreds of files, before somebody waits for it."""
    _named()


def find(text: str, now: datetime) -> list[str]:
    """IANA names that `text` may mean, at most MOST; one where it is certain, none where nothing fits."""
    spelled = _spelled(text)
    if offset := _OFFSET.fullmatch(text.strip().casefold().replace("−", "-")):
        return list(_at(offset, now))[:MOST]
    for fits in (str.__eq__, str.startswith, str.__contains__):
        if fits is not str.__eq__ and len(spelled) < FEWEST:
            break
        found = dict.fromkeys(zone for name, zones in _named().items() if fits(name, spelled) for zone in zones)
        if found:
            return list(found)[:MOST]
    return []


def city(zone: str, speaking: Speech) -> str:
    """A zone's city in the reader's language: `Berlin`, `Берлин`; UTC and offsets by their name."""
    if zone.startswith("Etc/"):
        return offset(zone, datetime.fromtimestamp(0, UTC))
    if "/" not in zone:
        return zone
    known = _places(speaking.language)
    told = (known[name]["city"] for name in _names_of(zone) if "city" in known.get(name, {}))
    return str(next(told, zone.rsplit("/", 1)[-1].replace("_", " ")))


@cache
def _places(language: str) -> Mapping[str, Mapping[str, str]]:
    """What CLDR has about each zone in a language of ours."""
    places: Mapping[str, Mapping[str, str]] = Locale.parse(language).time_zones
    return places


def _names_of(zone: str) -> list[str]:
    """The zone and its other names: the names of cities are kept at the old ones, as Europe/Kiev."""
    canonical = _ALIASES.get(zone, zone)
    return [zone, canonical, *_OLD.get(canonical, ())]


def offset(zone: str, now: datetime) -> str:
    """How far a zone's clock is from UTC at that time: `UTC+5:30`."""
    minutes = int((now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds()) // 60
    whole, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{whole}{f':{rest:02d}' if rest else ''}"


def _at(typed: re.Match[str], now: datetime) -> Iterator[str]:
    """Common places whose clock is there now, and the zone without summer time that always is."""
    minutes = (int(typed[2]) * 60 + int(typed[3] or 0)) * (-1 if typed[1] == "-" else 1)
    for zone in COMMON:
        if now.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(minutes=minutes):
            yield zone
    fixed = f"Etc/GMT{'-' if minutes > 0 else '+'}{abs(minutes) // 60}"  # POSIX counts to the west
    if minutes and not minutes % 60 and fixed in available_timezones():
        yield fixed


@cache
def _named() -> Mapping[str, list[str]]:
    """Every name of a zone, as `_spelled`, with the zones that bear it.

    Of zones whose city is the same, as Europe/Kiev and Europe/Kyiv, all names stand for one.
    """
    names: dict[str, list[str]] = {"utc": ["UTC"], "gmt": ["UTC"]}
    places: dict[str, str] = {}
    for zone in (*COMMON, *sorted(available_timezones(), key=lambda one: (one.count("/"), one))):
        if not zone.startswith(_REGIONS):
            continue
        cities = [city(zone, speech(language)) for language in LANGUAGES]
        place = places.setdefault(cities[0], zone)
        for name in {_spelled(zone), _spelled(zone.rsplit("/", 1)[-1]), *map(_spelled, cities)}:
            if place not in names.setdefault(name, []):
                names[name].append(place)
    return names


def _spelled(name: str) -> str:
    return _SLASH.sub("/", _APART.sub(" ", name)).strip().casefold().replace("ё", "е")
