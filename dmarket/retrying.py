"""Trying a read again that failed in passing."""

import time
from collections.abc import Callable
from typing import TypeVar

from dmarket.endpoints import Endpoint
from dmarket.errors import BudgetExhausted, BudgetUnavailable, ExchangeError, NoAccount, Throttled

TRIES = 3  # the first and two more
BACKOFF = 0.2  # seconds before the second try, doubled for the third, each times 0.5 to 1.5
T = TypeVar("T")


def with_retries(
    endpoint: Endpoint,
    once: Callable[[], T],
    deadline: float,
    *,
    jitter: Callable[[], float],
    elsewhere: Callable[[ExchangeError], bool] = lambda _failure: False,
) -> T:
    """What `once` returns; a read that failed in passing is tried up to two more times, anything else is sent once.

    No pause passes `deadline` (time.monotonic() seconds). `jitter` gives numbers in [0, 1), `elsewhere` says that
    a refusal was one account's and another one may be asked at once.
    """
    for attempt in range(1, TRIES if endpoint.reads else 1):
        try:
            return once()
        except (BudgetExhausted, BudgetUnavailable, NoAccount):
            raise
        except ExchangeError as failure:
            if elsewhere(failure):
                continue
            if failure.permanent or not _pause(failure, attempt, deadline, jitter):
                raise
    return once()


def _pause(failure: ExchangeError, attempt: int, deadline: float, jitter: Callable[[], float]) -> bool:
    """Wait after the `attempt`-th try, counted from 1; False when that would pass the deadline."""
    if isinstance(failure, Throttled):
        return True  # the budget makes everybody wait as long as the exchange asked for
    delay = BACKOFF * 2 ** (attempt - 1) * (0.5 + jitter())
    delay = max(delay, failure.retry_after or 0)
    if time.monotonic() + delay >= deadline:
        return False
    time.sleep(delay)  # the pause that a failing exchange is given before the next try
    return True
