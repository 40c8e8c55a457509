"""What measured numbers come to: rolling counts, shares, percentiles, growth. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence


def most_in_a_rolling_second(times: Iterable[float], second: float = 1) -> int:
    """The most moments (in seconds) within any half-open second [t, t + 1), or what else a `second` is to last."""
    return max(_in_the_last(second, times), default=0)


def seconds_over(times: Iterable[float], limit: int) -> int:
    """How many rolling seconds, one ending with each moment, hold more than `limit` of them."""
    return sum(count > limit for count in _in_the_last(1, times))


def _in_the_last(second: float, times: Iterable[float]) -> Iterable[int]:
    recent: deque[float] = deque()
    for moment in sorted(times):
        recent.append(moment)
        while recent[0] <= moment - second:
            recent.popleft()
        yield len(recent)


def used_share(times: Iterable[float], start: float, seconds: float, limit: int) -> float:
    """The share in percent of `limit` calls a second that lie in [start, start + seconds)."""
    return 100 * sum(start <= moment < start + seconds for moment in times) / (limit * seconds)


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest rank: the least value that `percent` of all do not exceed. ValueError without values."""
    if not values:
        raise ValueError("a percentile needs at least one value")
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]


def growth_percent(values: Sequence[float]) -> float:
    """By how much evenly spaced values rise from first to last on their line of best fit, in percent of their mean.

    Ordinary least squares: slope = sum((x - mx)(y - my)) / sum((x - mx)^2).
    """
    if len(values) < 2:
        raise ValueError("growth needs at least two values")
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    steps = [place - middle for place in range(len(values))]
    slope = sum(step * (value - mean) for step, value in zip(steps, values, strict=True)) / sum(s * s for s in steps)
    return 100 * slope * (len(values) - 1) / mean
