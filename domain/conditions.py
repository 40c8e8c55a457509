"""The parts that Skinbeat depends on, and what many processes together say of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    PRICES = "prices"  # of the exchange, as the four after it
    OFFERS = "offers"
    BIDS = "bids"
    SALES = "sales"
    FEES = "fees"
    BUDGET = "budget"  # the Redis that holds the rate budget
    BROKER = "broker"
    DATABASE = "database"
    TELEGRAM = "telegram"  # takes what is sent
    POLLING = "polling"  # Telegram tells what was said
    DATA = "data"  # what the bot tells from is kept fresh


EXCHANGE = (Part.PRICES, Part.OFFERS, Part.BIDS, Part.SALES, Part.FEES)
NEEDED = frozenset({*EXCHANGE, Part.BUDGET, Part.BROKER} - {Part.FEES})  # without one of them deals are missed


@dataclass(frozen=True, slots=True)
class Condition:
    """One part as one process sees it. `good_at` and `failed_at` are its last success and failure, None before any.

    `since` is the first failure after the last success, `reason` what the last one said; both are None while it is
    well. `degraded` says that so many failures came in a row that it is no accident.
    """

    part: str
    good_at: datetime | None = None
    failed_at: datetime | None = None
    since: datetime | None = None
    reason: str | None = None
    failures: int = 0
    degraded: bool = False

    @property
    def tried_at(self) -> datetime | None:
        """The last success or failure."""
        return max((at for at in (self.good_at, self.failed_at) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that fails for every process that tried it, since when."""

    part: str
    since: datetime


def troubles(seen: Sequence[Condition]) -> list[Trouble]:
    """The parts in trouble, given what each running process sees of each of them.

    A part that failed for one process and has done its work for another since then is not in trouble: the one is
    cut off. Otherwise the trouble began after the last success of any.
    """
    parts = dict.fromkeys(one.part for one in seen)
    found = (_trouble(part, [one for one in seen if one.part == part]) for part in parts)
    return [trouble for trouble in found if trouble]


def _trouble(part: str, seen: Sequence[Condition]) -> Trouble | None:
    failing = [one.since for one in seen if one.degraded and one.since]
    well = [one.good_at for one in seen if not one.degraded and one.good_at]
    if not failing or max(well, default=min(failing)) > min(failing):
        return None
    worked = [one.good_at for one in seen if one.good_at]
    return Trouble(part, max([min(failing), *worked]))
