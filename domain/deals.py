"""A verified opportunity as filters see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.money import BasisPoints, Cents
from domain.traits import UNKNOWN, Traits

OLDEST = 2**31 - 1  # seconds: what is older counts as that old


@dataclass(frozen=True, slots=True)
class Deal:
    """What may be told. `exit` is the one that qualifies (domain.exits.ExitKind), as are `net` and `return_bps`.

    `sales_tenths` are comparable sales a day times ten, `age` the seconds since the offer was listed, rounded up;
    None where the exchange did not say when that was.
    """

    item_id: int
    game: str
    title: str
    level: str
    exit: str
    buy: Cents
    net: Cents
    return_bps: BasisPoints
    sales_tenths: int = 0
    age: int | None = None
    traits: Traits = UNKNOWN


def age_of(listed_at: datetime | None, now: datetime) -> int | None:
    """Whole seconds since then, rounded up, from 0 to OLDEST; None where it is not known."""
    if listed_at is None:
        return None
    return min(OLDEST, max(0, -((listed_at - now) // timedelta(seconds=1))))
