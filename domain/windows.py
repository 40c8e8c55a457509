"""The windows of digests on the clock of a chat, and how a digest is put into groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING = 9  # the local hour of the daily and, on Mondays, the weekly digest
MONDAY = 0


class Every(StrEnum):
    """How often a chat has its digest, as `chats.digest` says it."""

    OFF = "off"
    HOURLY = "hourly"
    THREE_HOURS = "3h"
    SIX_HOURS = "6h"
    DAILY = "daily"
    WEEKLY = "weekly"


class Grouping(StrEnum):
    """What a digest is sorted by, as `chats.digest_group` says it."""

    TYPE = "type"  # sells at once, sells in time
    GAME = "game"
    PRIORITY = "priority"  # the level, the most valuable first
    TIME = "time"


HOURS = {
    Every.THREE_HOURS: range(0, 24, 3),
    Every.SIX_HOURS: range(0, 24, 6),
    Every.DAILY: (MORNING,),
    Every.WEEKLY: (MORNING,),
}


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` until just before `end`, aware UTC."""

    start: datetime
    end: datetime


def latest(every: Every, zone: ZoneInfo, now: datetime) -> Window:
    """The newest window that has ended by `now`; ValueError for OFF.

    Windows end on the clock of the zone, each where the next one begins. One whose end a change of the clock leaves
    out ends at the change, one whose end comes twice ends the first time, so there is exactly one a local day or week.
    Hourly ones are an hour long each, also through such a change.
    """
    if every is Every.HOURLY:
        end = _full_hour(now, zone)
        return Window(end - timedelta(hours=1), end)
    ends = [end for end in _ends(every, zone, now) if end <= now]
    return Window(ends[-2], ends[-1])


def next_due(every: Every, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the window that is open at `now` ends; None for OFF."""
    if every is Every.OFF:
        return None
    if every is Every.HOURLY:
        return _full_hour(now, zone) + timedelta(hours=1)
    return next(end for end in _ends(every, zone, now) if end > now)


def _full_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment at which a clock in the zone showed a full hour; zones may be half an hour apart."""
    local = now.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now.astimezone(UTC) - past


def _ends(every: Every, zone: ZoneInfo, now: datetime) -> list[datetime]:
    """Ends of windows around `now` in order, two before and one after it at least."""
    if every is Every.OFF:
        raise ValueError("a chat whose digest is off has no windows")
    return sorted(set(_around(every, zone, now)))


def _around(every: Every, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    before, after = (15, 8) if every is Every.WEEKLY else (3, 2)
    for ahead in range(-before, after):
        day = today + timedelta(days=ahead)
        if every is Every.WEEKLY and day.weekday() != MONDAY:
            continue
        for hour in HOURS[every]:
            yield datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
