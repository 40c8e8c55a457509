from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.backoff import delay

FIRST, MOST = timedelta(seconds=1), timedelta(minutes=5)


def test_each_attempt_waits_twice_as_long_up_to_the_most() -> None:
    """Half of 1, 2, 4 ... seconds without chance, and never more than half of the most."""
    waits = [delay(attempt, first=FIRST, most=MOST, jitter=0.0).total_seconds() for attempt in range(1, 12)]

    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150]


@given(attempt=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_chance_spreads_over_the_upper_half(attempt: int, jitter: float) -> None:
    """Never at once, never longer than the most, for any number of attempts."""
    whole = min(MOST, FIRST * 2 ** min(attempt - 1, 20))
    wait = delay(attempt, first=FIRST, most=MOST, jitter=jitter)

    assert whole / 2 <= wait <= whole
