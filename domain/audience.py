"""How many chats may hear of one deal, and who of them first.

A deal of few units told to thousands is gone for nearly all of them: it is told to so many that somebody takes each
unit quickly, and to no more than Telegram takes while it is likely to be there still. Those whose filter asks for more
come first. Among equals the turn goes round: chats stand on a ring, and where a deal begins follows from its number.
"""

from datetime import timedelta

from domain.filters import Condition, Filter

PER_UNIT = 30  # chats told of each unit that can be bought: what Telegram takes in a second
RATE = 25  # messages a second that deals may count on; Telegram takes 30 from one bot
FRESH = timedelta(seconds=40)  # a deal that reaches a chat later than that has mostly been taken
MOST_WAITING = int(RATE * FRESH.total_seconds())  # messages: behind so many nothing new is fresh any more
BEST_FIT = 3
RING = 2**31  # places on the ring
_GOLDEN = 2_654_435_769  # 2**32 / golden ratio: multiples of it leave no large gap (Knuth, TAOCP vol. 3, 6.4)


def most_told(capacity: int, waiting: int, life: timedelta) -> int:
    """How many chats may be told of a deal of `capacity` units while `waiting` alerts wait and `life` is left.

    At least what goes out in a second: a better deal overtakes what waits.
    """
    deliverable = int(RATE * min(life, FRESH).total_seconds()) - waiting
    return min(max(1, capacity) * PER_UNIT, max(RATE, deliverable))


def fit(wanted: Filter) -> int:
    """0 for a filter that takes everything, up to BEST_FIT: how many conditions it makes."""
    return min(BEST_FIT, len(wanted.asks() - {Condition.GAME}))


def place(number: int) -> int:
    """Where the chat of a running `number` stands on the ring: evenly spread whatever numbers there are."""
    return number * _GOLDEN % 2**32 // 2


def start(seed: int) -> int:
    """Where the walk for a deal begins."""
    return place(seed)
