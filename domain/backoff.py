"""How long to wait before another try."""

from datetime import timedelta


def delay(attempt: int, *, first: timedelta, most: timedelta, jitter: float) -> timedelta:
    """Exponential from `first` to `most`; `jitter` in [0, 1) is chance, handed in, and spreads over the upper half.

    `attempt` counts from 1.
    """
    whole: timedelta = min(most, first * (1 << min(attempt - 1, 32)))
    return whole * (0.5 + jitter / 2)
