"""Why a chat was told nothing: exactly one reason, the first that holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

AFTER = timedelta(hours=24)  # of silence, and between two explanations at least
RARELY = timedelta(days=7)  # between two explanations of a silence that goes on: who filters hard knows why
DECENT = (time(10), time(20))  # the local hours in which silence is explained, the end not part of them


class Cause(StrEnum):
    """In the order in which they are asked: what the chat itself decided, what happened to its deals, the rest."""

    NO_GAMES = "no_games"  # every game is switched off
    KINDS_OFF = "kinds_off"  # the chat wants neither kind of deal
    QUIET = "quiet"  # the deals came in quiet hours,
    CAPPED = "capped"  # on a day that was full,
    COOLDOWN = "cooldown"  # or too soon after another
    SNOOZED = "snoozed"  # the chat rested for a part of the time
    GONE = "gone"  # deals were chosen for it and were over before they reached it
    DOWN = "down"  # nothing can be found at the moment
    CROWDED = "crowded"  # deals fitted, and others were told
    NEAREST = "nearest"  # a deal missed the filters by one condition
    FILTERS = "filters"  # deals were found and missed by more than one
    NOTHING = "nothing"  # no deal was found for anybody


HELD = (Cause.QUIET, Cause.CAPPED, Cause.COOLDOWN)  # named as the reasons that the outbox records


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the silent time: numbers of deals, `ended` by the reason that the outbox recorded.

    `found` are those of anybody, `fitting` those that the chat's filters want, `near` whether one missed by a single
    condition.
    """

    games_on: int
    kinds_on: int
    ended: Mapping[str, int] = field(default_factory=dict)
    snoozed: bool = False
    down: bool = False
    found: int = 0
    fitting: int = 0
    near: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """The cause and the number of deals that it concerns, 0 where it is not about a number."""

    cause: Cause
    number: int = 0


def explain(facts: Facts) -> Explanation:
    """The one reason. Deals that something kept back come before what may have kept others from being found."""
    return next(_holding(facts))


def _holding(facts: Facts) -> Iterator[Explanation]:
    """Every reason that holds, the decisive one first."""
    if not facts.games_on:
        yield Explanation(Cause.NO_GAMES)
    if not facts.kinds_on:
        yield Explanation(Cause.KINDS_OFF)
    number, cause = max(((facts.ended.get(cause, 0), cause) for cause in HELD), key=lambda one: one[0])
    if number:
        yield Explanation(cause, number)
    if facts.snoozed:
        yield Explanation(Cause.SNOOZED)
    if lost := sum(facts.ended.values()):
        yield Explanation(Cause.GONE, lost)
    if facts.down:
        yield Explanation(Cause.DOWN)
    if facts.fitting:
        yield Explanation(Cause.CROWDED, facts.fitting)
    if facts.near:
        yield Explanation(Cause.NEAREST, facts.found)
    yield Explanation(Cause.FILTERS if facts.found else Cause.NOTHING, facts.found)


def decent(now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is an hour at which a message that is not urgent may come."""
    begin, end = DECENT
    return begin <= now.astimezone(zone).time() < end
