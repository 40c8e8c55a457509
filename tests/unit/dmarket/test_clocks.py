"""A refused signature is blamed on the clock only where the exchange's own clock says so."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from dmarket.clocks import blame_clock
from dmarket.errors import Unauthorized, WrongClock

NOW = 1_760_000_000


def refusal(status: int = 401) -> Unauthorized:
    return Unauthorized("offers", "not accepted", status, None, "{}")


def date(seconds: int) -> dict[str, str]:
    return {"date": format_datetime(datetime.fromtimestamp(NOW + seconds, UTC), usegmt=True)}


@pytest.mark.parametrize(("seconds", "said"), [(-300, "300 s ahead of"), (300, "300 s behind"), (111, "111 s behind")])
def test_a_clock_that_is_far_off_is_named_with_its_distance(seconds: int, said: str) -> None:
    """It is a matter of the machine: the account has nothing to do with it."""
    blamed = blame_clock(refusal(), date(seconds), NOW)

    assert type(blamed) is WrongClock
    assert f"this machine's clock is {said} the exchange's" in str(blamed)
    assert (blamed.endpoint, blamed.status, blamed.permanent) == ("offers", 401, True)


@pytest.mark.parametrize("headers", [date(0), date(60), date(-110), {}, {"date": ""}, {"date": "yesterday"}])
def test_a_clock_that_is_near_or_unknown_is_not_blamed(headers: dict[str, str]) -> None:
    """The refusal stays what it was."""
    refused = refusal()

    assert blame_clock(refused, headers, NOW) is refused


def test_a_ban_is_never_a_matter_of_the_clock() -> None:
    """403 is not about the signature."""
    refused = refusal(403)

    assert blame_clock(refused, date(300), NOW) is refused
