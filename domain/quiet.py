"""Hours of a chat's own day: quiet hours and midnight, in its zone, also when clocks change.

Everything goes by what a clock on the wall shows. Where it is put back, a window that begins in the repeated hour
begins the first time and one that ends there ends the second time; where it is put forward, what lies in the hour
that is left out happens at the jump.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `begin` until `end`, aware UTC; the end is not part of it."""

    begin: datetime
    end: datetime


def quiet_window(now: datetime, zone: str, quiet_from: int | None, quiet_until: int | None) -> Window | None:
    """The quiet hours in which `now` lies, None when it lies in none.

    `quiet_from` and `quiet_until` are minutes of the local day; an end at or before the beginning is on the next
    day, and the same minute twice means no quiet hours.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return None
    place = place_of(zone)
    today = now.astimezone(place).date()
    for day in (today - _DAY, today):
        last = day + _DAY if quiet_until < quiet_from else day
        begin = _instant(day, quiet_from, place, fold=0)
        end = _instant(last, quiet_until, place, fold=1)
        if begin <= now < end:
            return Window(begin, end)
    return None


def day_begin(now: datetime, zone: str) -> datetime:
    """When the local day of `now` began, in UTC; after the jump where a zone leaves out its midnight."""
    place = place_of(zone)
    return _instant(now.astimezone(place).date(), 0, place, fold=0)


@lru_cache(maxsize=1000)
def place_of(zone: str) -> ZoneInfo:
    """The IANA zone of this name; UTC for one that is not known here, because a message must not fail of it."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, not a name, or a folder of the zone data
        return ZoneInfo("UTC")


def _instant(day: date, minute: int, place: ZoneInfo, *, fold: int) -> datetime:
    """When the wall clock shows that minute of a day; `fold` chooses of two, the jump stands for none."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    early, late = (wall.replace(tzinfo=place, fold=one).astimezone(UTC) for one in (1, 0))
    if early >= late:  # not left out; in a repeated hour `early`, read with the later offset, is the second time
        return wall.replace(tzinfo=place, fold=fold).astimezone(UTC)
    while late - early > _SECOND:  # left out: the jump lies between the two readings
        middle = early + (late - early) // 2
        before = middle.astimezone(place).replace(tzinfo=None) < wall
        early, late = (middle, late) if before else (early, middle)
    return late.replace(microsecond=0)
