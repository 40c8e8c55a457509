"""What a price watch waits for, when it fires, and when it is ready to fire again."""

from dataclasses import dataclass
from enum import StrEnum

from domain.money import ONE, BasisPoints, ceil_share

BAND_BPS: BasisPoints = 100  # how far a price must leave a mark before the watch is armed again: 1 %, at least a tick
LEAST_PIECES = 3  # by which a number of pieces must change before it is news
MOST_WATCHES = 50  # of one chat
MOST_CENTS = 10_000_000
MOST_PIECES = 1_000_000
LEAST_MOVE_BPS, MOST_MOVE_BPS = 100, 100_000  # 1 % to ten times the price
LEAST_FACTOR_BPS, MOST_FACTOR_BPS = 12_000, 1_000_000  # 1.2 times to 100 times


class Measure(StrEnum):
    """What of a title's aggregated price is looked at: cents of the best ask or bid, or how many there are."""

    ASK = "ask"
    BID = "bid"
    ASKS = "asks"
    BIDS = "bids"

    @property
    def is_price(self) -> bool:
        return self in {Measure.ASK, Measure.BID}


class Turn(StrEnum):
    """What the measure must do."""

    ABOVE = "above"  # reach the mark or exceed it
    BELOW = "below"  # reach the mark or fall below it
    MOVED = "moved"  # differ from the base by a share, up or down
    TIMES = "times"  # become a multiple or a fraction of the base


class WatchError(ValueError):
    """A watch that cannot be; the text says what would be right. Trying again does not help."""

    permanent = True
    retry_after: float | None = None


class BadRuleError(WatchError):
    """A mark or a turn that does not fit what is watched."""


class TooManyWatchesError(WatchError):
    """The chat has MOST_WATCHES already."""

    def __init__(self) -> None:
        super().__init__(f"watches: a chat may have at most {MOST_WATCHES}; remove one first")


@dataclass(frozen=True, slots=True)
class Rule:
    """One watch. `mark` is in cents or pieces for ABOVE and BELOW, in basis points of the base for MOVED and TIMES
    (TIMES 20,000: doubled or halved).

    Raises BadRuleError for a mark outside its limits, and for a turn that the measure does not know: prices MOVE,
    numbers of pieces change by TIMES.
    """

    measure: Measure
    turn: Turn
    mark: int

    def __post_init__(self) -> None:
        if self.turn not in turns(self.measure):
            raise BadRuleError(f"{self.measure}: can be watched for {', '.join(turns(self.measure))}, not {self.turn}")
        least, most = limits(self.measure, self.turn)
        if not least <= self.mark <= most:
            raise BadRuleError(f"mark: must be {least} to {most} for {self.measure} {self.turn}, not {self.mark}")


def turns(measure: Measure) -> tuple[Turn, ...]:
    """What a measure can be watched for."""
    return (Turn.ABOVE, Turn.BELOW, Turn.MOVED if measure.is_price else Turn.TIMES)


def limits(measure: Measure, turn: Turn) -> tuple[int, int]:
    """The least and the greatest mark that makes sense, in the unit of the mark."""
    if turn is Turn.MOVED:
        return LEAST_MOVE_BPS, MOST_MOVE_BPS
    if turn is Turn.TIMES:
        return LEAST_FACTOR_BPS, MOST_FACTOR_BPS
    return 1, MOST_CENTS if measure.is_price else MOST_PIECES


@dataclass(frozen=True, slots=True)
class Stand:
    """How a watch stands: `base` is the value when it was last armed or fired, None before any was seen."""

    armed: bool = True
    base: int | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The next values at which something happens: `at_most` and below, `at_least` and above; None is never."""

    at_most: int | None = None
    at_least: int | None = None

    def met(self, value: int) -> bool:
        return (self.at_most is not None and value <= self.at_most) or (
            self.at_least is not None and value >= self.at_least
        )


def marks(rule: Rule, stand: Stand) -> Marks:
    """Where an armed watch fires, and where one that fired is armed again.

    ABOVE and BELOW fire once and are armed again by a value that left the mark by a band: 1 % of the mark, at least
    one cent or LEAST_PIECES. MOVED and TIMES take each value that they fired at as their new base, so a change of
    the same size from there is the band. They wait for a first base.
    """
    if rule.turn is Turn.ABOVE:
        return Marks(at_least=rule.mark) if stand.armed else Marks(at_most=rule.mark - _band(rule))
    if rule.turn is Turn.BELOW:
        return Marks(at_most=rule.mark) if stand.armed else Marks(at_least=rule.mark + _band(rule))
    if stand.base is None:
        return Marks()
    if rule.turn is Turn.MOVED:
        step = max(1, ceil_share(stand.base, rule.mark))
        return Marks(stand.base - step, stand.base + step)
    return Marks(
        min(stand.base * ONE // rule.mark, stand.base - LEAST_PIECES),
        max(-(-stand.base * rule.mark // ONE), stand.base + LEAST_PIECES),
    )


def _band(rule: Rule) -> int:
    return max(ceil_share(rule.mark, BAND_BPS), 1 if rule.measure.is_price else LEAST_PIECES)


@dataclass(frozen=True, slots=True)
class Step:
    """What one value did to a watch; `former` is the base that it fired against, None where none was known."""

    stand: Stand
    fired: bool = False
    former: int | None = None


def step(rule: Rule, stand: Stand, value: int | None) -> Step:
    """The watch after one look. A value that is not known (an empty side, a failed read) changes nothing.

    The first look counts: an ABOVE or BELOW that is true already fires.
    """
    if value is None:
        return Step(stand)
    if marks(rule, stand).met(value):
        if not stand.armed:
            return Step(Stand(armed=True, base=value))
        lasting = rule.turn in {Turn.MOVED, Turn.TIMES}
        return Step(Stand(armed=lasting, base=value), fired=True, former=stand.base)
    return Step(stand if stand.base is not None else Stand(stand.armed, value))
