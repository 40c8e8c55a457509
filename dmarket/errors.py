# ruff: noqa: N818 - each class is named for its situation, the base says that they are errors
"""What can go wrong with a call to the exchange, and whether trying again helps."""

import re
from typing import ClassVar

BODY_LIMIT = 300  # characters of an answer that an error may quote
_KEY_LIKE = re.compile(r"[0-9a-fA-F]{64,}")  # an answer may echo our key or signature: neither may reach a log


def quotable(body: str) -> str:
    """`body` on one line, keys and signatures blanked, at most 300 characters."""
    return _KEY_LIKE.sub("[hex]", " ".join(body.split()))[:BODY_LIMIT]


class ExchangeError(Exception):
    """A call failed. `permanent` says that trying again does not help.

    `retry_after` is in seconds, `status` the HTTP status if an answer came, `body` its quotable start. All arguments
    are kept in `args`, so the error survives pickling between worker processes.
    """

    permanent: ClassVar[bool] = False

    def __init__(
        self,
        endpoint: str,
        detail: str,
        status: int | None = None,
        retry_after: float | None = None,
        body: str = "",
    ) -> None:
        self.endpoint = endpoint
        self.detail = quotable(detail)
        self.status = status
        self.retry_after = retry_after
        self.body = quotable(body)
        super().__init__(endpoint, self.detail, status, retry_after, self.body)

    def __str__(self) -> str:
        parts = [f"{self.endpoint}: {self.detail}"]
        if self.status is not None:
            parts.append(f"HTTP {self.status}")
        if self.body:
            parts.append(f"answer: {self.body}")
        return "; ".join(parts)


class Unreachable(ExchangeError):
    """No whole answer: connecting or reading timed out, or the connection broke."""


class Throttled(ExchangeError):
    """429: the account's rate limit is used up."""


class Unauthorized(ExchangeError):
    """401, or 403 with JSON: key, signature or clock are wrong, or the account is banned."""

    permanent = True


class WrongClock(Unauthorized):
    """401, and this machine's clock is too far from the exchange's: it says nothing about the account."""


class NoAccount(ExchangeError):
    """No account, or none that the exchange takes, so nothing was sent. `retry_after` is when one is tried again."""


class Retired(ExchangeError):
    """410: the endpoint no longer exists (docs/exchange-api.md, Retired paths)."""

    permanent = True


class Refused(ExchangeError):
    """Any other 4xx: the same request will be refused again."""

    permanent = True


class ServerFailed(ExchangeError):
    """5xx (or 408): the exchange failed, not the request."""


class Malformed(ExchangeError):
    """An answer that is not what the endpoint promises: HTML, nothing, cut JSON, a field missing or reshaped."""


class Incomplete(ExchangeError):
    """More pages exist than one read may cost, so nothing may be concluded; the same read ends the same way."""

    permanent = True


class BudgetExhausted(ExchangeError):
    """No permit before the deadline; nothing was sent. `retry_after` is when the next one may be had."""


class BudgetUnavailable(ExchangeError):
    """The shared rate budget cannot be asked, so nothing was sent: without it all workers could overrun the limit."""
