import pytest

from tests.faults.check_traffic import LIMITS
from tests.faults.evidence import Arrival, Stall, Trouble
from tests.faults.plan import Kind, Part
from tests.unit.faults.made_up import after, trouble


def calls(group: str, number: int, within: float, begin: float = 500.0) -> list[Arrival]:
    """`number` calls, the last one `within` seconds after the first."""
    return [Arrival(begin + within * place / (number - 1), group) for place in range(number)]


@pytest.mark.parametrize("group", LIMITS)
def test_one_call_too_many_in_a_rolling_second_is_found(group: str) -> None:
    """Wherever the second begins; as many as allowed are allowed, and one more when it comes after the second."""
    limit = LIMITS[group]

    assert after(arrivals=calls(group, limit, 0.99, 500.7)).violations == []
    assert after(arrivals=calls(group, limit + 1, 1.01)).violations == []
    assert after(arrivals=calls(group, limit + 1, 0.97, 500.7)).violations[0].startswith("over the limit: ")


def test_groups_have_limits_of_their_own() -> None:
    """Six sales calls and ten offers calls in one second are within both."""
    assert after(arrivals=[*calls("last-sales", 6, 0.5), *calls("market-items", 10, 0.5)]).violations == []


EXCUSES = {
    "the worker was frozen": (trouble(Part.WORKER, Kind.FREEZE, 497.0, 499.8), "calls were held up"),
    "the way was frozen": (trouble(Part.EXCHANGE, Kind.SILENT, 497.0, 499.8), "calls were held up"),
    "the broker's clock": (trouble(Part.BROKER, Kind.CLOCK, 480.0, 500.2, 9), "the broker's clock was stepped"),
}


@pytest.mark.parametrize("why", EXCUSES)
def test_what_is_excused_is_counted(why: str) -> None:
    """Calls that were allowed in time and held up on the way."""
    one, counted = EXCUSES[why]

    found = after(arrivals=calls("other", 21, 0.9), troubles=[one])

    assert found.violations == []
    assert sum(number for what, number in found.counted.items() if counted in what) == 1


@pytest.mark.parametrize(
    "one",
    [
        trouble(Part.WORKER, Kind.FREEZE, 490.0, 498.5),
        trouble(Part.EXCHANGE, Kind.ERRORS, 499.0, 502.0),
        trouble(Part.BROKER, Kind.KILL, 499.0, 500.0),
        trouble(Part.WORKER, Kind.CLOCK, 499.0, 500.0, 30),
        trouble(Part.BROKER, Kind.CLOCK, 490.0, 510.0, 30),
    ],
)
def test_nothing_else_is_excused(one: Trouble) -> None:
    """Not an outage, not a restart of the broker, not a second that only lies near."""
    assert after(arrivals=calls("other", 21, 0.9), troubles=[one]).violations


def test_calls_that_waited_in_a_stall_are_taken_as_sent_during_it() -> None:
    """A stall excuses the calls at its end, not everything near it."""
    steady = [Arrival(500.0 + place / 21, "other") for place in range(1, 21)]
    held = [Arrival(500.01, "other"), *steady]  # sent before, came at the stall's end

    assert after(arrivals=held).violations
    assert after(arrivals=held, stalls=[Stall(499.9, 500.0)]).violations == []
    assert after(arrivals=held, stalls=[Stall(499.7, 499.8)]).violations
    assert after(arrivals=held, stalls=[Stall(501.5, 501.6)]).violations


def test_a_stall_does_not_excuse_a_burst() -> None:
    """Twice the limit cannot have been sent in a tenth of a second more."""
    assert after(arrivals=calls("other", 40, 0.9), stalls=[Stall(499.9, 500.0)]).violations


def test_jitter_is_counted() -> None:
    """One call more within 0.99 s: the way here may have taken 10 ms longer than the one before."""
    found = after(arrivals=calls("other", 21, 0.99))

    assert found.violations == []
    assert found.counted["second over the limit: by jitter below 25 ms"] == 1
