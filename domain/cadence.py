"""How much a look at a title is worth, and how often each group of titles gets one.

Deals on title i arise at a rate w_i and are gone a short life later, so the chance that a look finds one grows with
w_i x min(age, life), age being the time since the last look. Nobody knows the life, and w_i is learned from history,
so a call goes where worth x age is greatest: each group is then visited about in proportion to its worth. A group
just read tells nothing new for REST. The estimate may be wrong and worth may move, so what was not read for
`overdue` goes first in every second call, the oldest first, and what was never read goes before everything.

How old a group becomes. A scheduled run has one call for each of the game's groups and is through within its
interval T. A group that is overdue at the begin of a run has at most all others before it, and every second call
serves it: two runs reach all of them. It is overdue from 1.5 T on, so waits for its second run until 4 T at most.
That is the ceiling, as long as the account's budget carries the games; for short intervals it is 60 s.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TypeAlias

from domain.levels import Level, level_for
from domain.money import ONE, BasisPoints, Cents

Pulses: TypeAlias = tuple[tuple[timedelta, int], ...]  # after which delay how many calls

REST = timedelta(seconds=2)
LEAST_CEILING = timedelta(seconds=60)
LONGEST_SPREAD = timedelta(seconds=60)  # far within a run's time and a broker's patience with messages for later
PULSE = timedelta(milliseconds=500)  # calls this close are rung for together

LEAST = 1  # what no level holds: a title may come back into a band, so it is never nothing
CALM = 100  # thousandths of a sale a day, of a title that shows no life at all
DAY = 86_400
TURNOVER_DAYS = 30  # a listing whose title's sales are unknown is taken to sell within a month
HOURLY = 1_443  # churn of one change an hour: 1,000 halved hourly, summed, is 1,000 / ln 2
CHANGES_PER_SALE = 10  # most changes are repricings
UNKNOWN_GAP: BasisPoints = 1_500  # a usual spread, where the sales are unknown
GAP_STEP: BasisPoints = 1_000  # a listing this much further below the others is half as likely
CLOSEST = 8


@dataclass(frozen=True, slots=True)
class Cadence:
    """The times that follow from a game's scan interval."""

    interval: timedelta

    @property
    def overdue(self) -> timedelta:
        """The age from which on a group goes first in every second call."""
        return self.interval * 3 // 2

    @property
    def ceiling(self) -> timedelta:
        """The age no group exceeds while the account's budget carries the games."""
        return max(LEAST_CEILING, 4 * self.interval)

    def pulses(self, calls: int, at_once: int) -> Pulses:
        """When after its planning a run makes its calls: in steps of PULSE, `at_once` of them first.

        The rest is spread evenly over 0.8 of the interval: made all at once, they would find every group just read.
        """
        spread = min(self.interval, LONGEST_SPREAD) * 4 // 5
        steps = max(spread // PULSE, 1)
        first = min(at_once, calls)
        rest = calls - first
        upto = [first + rest * (step + 1) // steps for step in range(steps)]
        counts = [end - begin for begin, end in pairwise((0, *upto))]
        return tuple((step * PULSE, count) for step, count in enumerate(counts) if count)


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a title. `churn` is that of its last change (models/prices.py), `quiet` seconds ago.

    `sold` sales within `sold_within` seconds are known, None where they were never read; `sales_price` is the
    careful price they give.
    """

    bid: Cents | None
    bid_count: int
    ask: Cents | None
    ask_count: int
    churn: int
    quiet: int
    sales_price: Cents | None = None
    sold: int | None = None
    sold_within: int = 0


def worth(title: Features, fee: BasisPoints) -> int:
    """The rate at which deals may be expected on a title, in units that only compare; LEAST outside all levels.

    Thousandths of sales a day, where a change of the price counts as a tenth of a sale, times the closeness.
    """
    price = title.ask if title.ask is not None else title.bid
    level = level_for(price) if price is not None else None
    if price is None or level is None:
        return LEAST
    return (CALM + _sales(title) + _changes(title)) * _closeness(title, price, level, fee)


def _sales(title: Features) -> int:
    """Thousandths of a sale a day; without known sales a month's turnover of the scarcer side."""
    if title.sold is None:
        return min(title.bid_count, title.ask_count) * 1_000 // TURNOVER_DAYS
    return title.sold * DAY * 1_000 // max(title.sold_within, DAY)


def _changes(title: Features) -> int:
    """Price changes a day in thousandths, as many sales as they stand for."""
    now = title.churn >> min(title.quiet // 3_600, 31)
    return now * 24 * 1_000 // (HOURLY * CHANGES_PER_SALE)


def _closeness(title: Features, price: Cents, level: Level, fee: BasisPoints) -> int:
    """1 to CLOSEST: how near the ask is to paying the level's return at the better exit, halved with each GAP_STEP."""
    gaps = [_gap(price, sell, level, fee) for sell in (title.bid, title.sales_price) if sell is not None]
    if title.sold is None:
        gaps.append(UNKNOWN_GAP)
    return max(CLOSEST >> min(max(min(gaps, default=ONE), 0) // GAP_STEP, 31), 1)


def _gap(price: Cents, sell: Cents, level: Level, fee: BasisPoints) -> BasisPoints:
    """By how much of itself `price` would have to fall until selling at `sell` pays the level's return."""
    pays = sell * (ONE - fee) // (ONE + level.min_return_bps)
    return (price - pays) * ONE // max(price, 1)
