"""Rate-limit headers as the exchange may send them."""

from datetime import UTC, datetime

import pytest

from dmarket.rate_headers import RateAdvice, read_advice

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_all_headers_are_read_whatever_their_case() -> None:
    """The five documented ones and Retry-After."""
    headers = {
        "x-ratelimit-limit-second": "6",
        "X-RateLimit-Remaining-Second": "5",
        "RATELIMIT-LIMIT": "6",
        "ratelimit-remaining": "4",
        "RateLimit-Reset": "1",
        "Retry-After": "2",
    }

    assert read_advice(headers, NOW) == RateAdvice(limit=6, remaining=5, reset=1, retry_after=2)


def test_missing_headers_say_nothing() -> None:
    """Some clients saw replies lacking them."""
    assert read_advice({}, NOW) == RateAdvice()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        ("0", None),
        ("-1", None),
        ("86400", 3600),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30),
        ("Sun, 22 Nov 2026 11:59:00 GMT", None),
        ("Fri, 22 Nov 2999 12:00:00 GMT", 3600),
        ("soon", None),
        ("٣", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: int | None) -> None:
    """A pause is at most an hour; what lies in the past or makes no sense is none."""
    assert read_advice({"Retry-After": text}, NOW).retry_after == seconds


def test_a_reset_that_is_no_relative_time_is_dropped() -> None:
    """A unix time there would block for decades."""
    assert read_advice({"RateLimit-Reset": "1795348800"}, NOW).reset is None


def test_the_general_remaining_header_stands_in() -> None:
    """Where the per-second one is missing."""
    assert read_advice({"RateLimit-Remaining": "0"}, NOW).remaining == 0
