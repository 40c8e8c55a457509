"""Writing down what was read although the database is away for a moment."""

import time
from collections.abc import Callable
from datetime import timedelta
from random import random
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.backoff import delay

DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
PATIENCE_SECONDS = 8.0  # beyond what a read may take (10 s for prices, 20 s else): together below the leases
FIRST, MOST = timedelta(milliseconds=200), timedelta(seconds=1)

Result = TypeVar("Result")


def insist(write: Callable[[], Result], deadline: float) -> Result:
    """What `write` returns, tried until PATIENCE_SECONDS after `deadline` (time.monotonic() seconds).

    `write` is a whole transaction that may run twice: a commit whose answer was lost is found done by its fence.
    """
    attempt = 0
    while True:
        try:
            return write()
        except DATABASE_AWAY:
            attempt += 1
            pause = delay(attempt, first=FIRST, most=MOST, jitter=random()).total_seconds()  # noqa: S311  # spreads tries, keeps no secret
            if time.monotonic() + pause > deadline + PATIENCE_SECONDS:
                raise
            time.sleep(pause)  # before the next try: a database that comes up is not hammered
