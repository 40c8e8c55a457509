"""An HTTP answer becomes parsed JSON or the typed error that says whether trying again helps."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import NoReturn

from dmarket.connections import LARGEST_BODY, Answer
from dmarket.errors import (
    BODY_LIMIT,
    ExchangeError,
    Malformed,
    Refused,
    Retired,
    ServerFailed,
    Throttled,
    Unauthorized,
)
from dmarket.rate_headers import read_advice

_BY_STATUS: Mapping[int, tuple[type[ExchangeError], str]] = {
    HTTPStatus.UNAUTHORIZED: (Unauthorized, "the key, the signature or this machine's clock was not accepted"),
    HTTPStatus.FORBIDDEN: (Unauthorized, "the account may not do this"),
    HTTPStatus.GONE: (Retired, "the endpoint no longer exists"),
    HTTPStatus.TOO_MANY_REQUESTS: (Throttled, "the rate limit is used up"),
    HTTPStatus.REQUEST_TIMEOUT: (ServerFailed, "the exchange gave up waiting for the request"),
}


def read_answer(endpoint: str, answer: Answer, now: datetime) -> object:
    """The JSON of a 2xx answer, numbers as int or Decimal; any other answer raises its ExchangeError."""
    if answer.body is None:
        raise Malformed(endpoint, f"the answer is larger than {LARGEST_BODY} bytes", answer.status)
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise _error_for(endpoint, answer, _quoted(answer.body), now)
    if not answer.body.strip():
        raise Malformed(endpoint, "the answer is empty", answer.status)
    if _is_html(answer):
        raise Malformed(endpoint, "the answer is an HTML page", answer.status, body=_quoted(answer.body))
    try:
        parsed: object = json.loads(answer.body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:  # an exponent beyond Decimal's is arithmetic
        raise Malformed(endpoint, "the answer is not whole JSON", answer.status, body=_quoted(answer.body)) from error
    return parsed


def _error_for(endpoint: str, answer: Answer, quoted: str, now: datetime) -> ExchangeError:
    status = answer.status
    retry_after = read_advice(answer.headers, now).retry_after
    if status == HTTPStatus.FORBIDDEN and _is_html(answer):  # a gateway's page, not the exchange's verdict on the key
        return Malformed(endpoint, "a gateway answered with an HTML page", status, retry_after, quoted)
    if status in _BY_STATUS:
        kind, detail = _BY_STATUS[status]
        return kind(endpoint, detail, status, retry_after, quoted)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFailed(endpoint, "the exchange failed", status, retry_after, quoted)
    if status >= HTTPStatus.BAD_REQUEST:
        return Refused(endpoint, "the exchange refused the request", status, retry_after, quoted)
    return Malformed(endpoint, "the exchange answered with a redirect, which is not followed", status, body=quoted)


def _quoted(body: bytes) -> str:
    """The begin of a body without what would move a terminal's cursor or change its colours."""
    text = body[: 4 * BODY_LIMIT].decode(errors="replace")
    return "".join(char if char.isprintable() or char.isspace() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _is_html(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "")
    return "html" in kind.lower() or (answer.body or b"").lstrip()[:1] == b"<"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
