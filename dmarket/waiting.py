"""Waiting for a permit, wherever it comes from."""

import time
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from dmarket.errors import BudgetExhausted
from telemetry.metrics import PERMIT_WAIT, PERMITS_REFUSED

T = TypeVar("T")
Seconds: TypeAlias = float


def wait_for(ask: Callable[[], tuple[T | None, Seconds]], group: str, deadline: float) -> T:
    """What `ask` gives, asking again after the seconds it tells for as long as it gives nothing.

    Raises BudgetExhausted as soon as the wait would pass `deadline` (time.monotonic() seconds).
    """
    started = time.monotonic()
    wait = None
    while time.monotonic() < deadline:
        given, wait = ask()
        if given is not None:
            PERMIT_WAIT.labels(group).observe(time.monotonic() - started)
            return given
        if time.monotonic() + wait >= deadline:
            break
        time.sleep(wait)  # as long as the budget says that no call may leave
    PERMITS_REFUSED.labels(group).inc()
    raise BudgetExhausted(group, "no permit before the deadline", retry_after=wait)
