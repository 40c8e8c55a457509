"""The money axis of a chart: its ends and its few round marks, in cents."""

from collections.abc import Sequence

from domain.money import Cents

MOST = 5  # marks
STEPS = (1, 2, 5)
OUTLIER = 3  # times the median: what lies beyond leaves the picture, or one wish would flatten all the rest


def bounds(prices: Sequence[Cents]) -> tuple[Cents, Cents]:
    """Lower and upper end: all prices with a twelfth of their span around them, at least a few cents."""
    ordered = sorted(prices)
    middle = ordered[(len(ordered) - 1) // 2]
    low, high = ordered[0], min(ordered[-1], OUTLIER * middle)
    room = max((high - low) // 12, high // 100, 2)
    return max(0, low - room), high + room


def marks(low: Cents, high: Cents) -> list[Cents]:
    """Multiples of a round step within [low, high], at most five."""
    step = next(step for step in _steps() if high // step - (low - 1) // step <= MOST)
    return list(range(-(-low // step) * step, high + 1, step))


def _steps() -> list[Cents]:
    return [digit * 10**zeros for zeros in range(12) for digit in STEPS]
