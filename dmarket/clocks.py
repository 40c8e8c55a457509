"""Whether this machine's clock is the reason why the exchange does not accept a signature."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from dmarket.errors import Unauthorized, WrongClock
from dmarket.waiting import Seconds

TOLERATED = 110  # seconds; the exchange refuses dates more than two minutes off (docs/exchange-api.md, Signing)


def blame_clock(refusal: Unauthorized, headers: Mapping[str, str], now: Seconds) -> Unauthorized:
    """The refusal as what it is: WrongClock where the answer's Date is too far from `now` (unix seconds)."""
    told = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        ahead = round(now - parsedate_to_datetime(told).timestamp())
    except ValueError:
        return refusal
    if refusal.status != HTTPStatus.UNAUTHORIZED or abs(ahead) <= TOLERATED:
        return refusal
    side = "ahead of" if ahead > 0 else "behind"
    detail = f"this machine's clock is {abs(ahead)} s {side} the exchange's"
    return WrongClock(refusal.endpoint, detail, refusal.status, refusal.retry_after, refusal.body)
