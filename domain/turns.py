"""In which order messages leave: a strong deal before a weak one, and everybody in the end.

A message's turn is its birth plus a handicap that grows as its priority falls. Messages leave by turn, so a strong
deal overtakes weak ones that are up to 90 seconds older, and a weak one that has waited as long overtakes all that
come after. What many chats get at once (domain.kinds.BULK) stands in a lane of its own, so that a hundred thousand
digests never stand before a deal; edits of messages that are out already have a third. An empty lane gives its time
to the others.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.kinds import DEALS, Kind
from domain.money import Cents

HIGHEST = 9
HANDICAP = timedelta(seconds=10)  # for each step below the highest priority
_UNIT: Cents = 8  # below so many expected cents a day a deal has priority 0; each doubling is a step more

USUAL: dict[Kind, int] = {
    Kind.WATCH: HIGHEST,  # somebody asked for exactly this
    Kind.SUMMARY: 5,
    Kind.REPORT: 9,
    Kind.NOTICE: 7,
    Kind.DIGEST: 5,
    Kind.SILENCE: 0,
}


class Lane(StrEnum):
    URGENT = "urgent"
    EDITS = "edits"
    BULK = "bulk"


def deal_priority(cents_per_day: Cents) -> int:
    """0 to 9 by expected net gain a day: below 8 cents 0, below 16 cents 1, ... from $20.48 on 9."""
    return min(HIGHEST, (max(0, cents_per_day) // _UNIT).bit_length())


def usual_priority(kind: Kind) -> int:
    """What a kind of message has where its writer says nothing else; a deal's comes from its gain."""
    return HIGHEST if kind in DEALS else USUAL[kind]


def turn_at(created_at: datetime, priority: int) -> datetime:
    """The moment by which a message is ordered; it may leave before, when nothing else waits."""
    return created_at + (HIGHEST - min(HIGHEST, max(0, priority))) * HANDICAP


def lanes(now: datetime) -> tuple[Lane, Lane, Lane]:
    """Which lane goes first: the urgent one for 0.8 of each second, edits and bulk for 0.1 each.

    From the clock, because any number of bots must agree without speaking to each other.
    """
    tenth = now.microsecond // 100_000
    if tenth == 0:
        return Lane.EDITS, Lane.URGENT, Lane.BULK
    if tenth == 1:
        return Lane.BULK, Lane.URGENT, Lane.EDITS
    return Lane.URGENT, Lane.EDITS, Lane.BULK
