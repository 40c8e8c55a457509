"""How long a chat may be left alone."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from domain.quiet import place_of

MORNING = 8  # the local hour at which `TOMORROW` ends


class Nap(StrEnum):
    HOUR = "1h"
    NIGHT = "8h"
    TOMORROW = "tomorrow"


def ends(nap: Nap, now: datetime, zone: str) -> datetime:
    """When a nap that begins now is over, aware UTC; `zone` is an IANA name."""
    if nap is not Nap.TOMORROW:
        return now + timedelta(hours=1 if nap is Nap.HOUR else 8)
    place = place_of(zone)
    day = now.astimezone(place).date() + timedelta(days=1)
    return datetime.combine(day, time(MORNING), tzinfo=place).astimezone(UTC)
