"""Rate-limit headers are advice from outside: whatever they say, it ends as sensible numbers or as nothing."""

from random import Random

from dmarket.rate_headers import LONGEST, read_advice
from tests.fuzz.answers import NOW

NAMES = (
    "X-RateLimit-Limit-Second", "X-RateLimit-Remaining-Second", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After",
    "retry-after", "X-Retry-After",
)  # fmt: skip
VALUES = (
    "", " ", "0", "1", "-1", "00", "3600", "3601", "1e3", "1.5", "9" * 10, "9" * 11, "9" * 400, "٣", "²", "NaN",
    "inf", "0x10",
    "1, 2", "10;w=1", "Sun, 22 Nov 2026 12:00:30 GMT", "Sun, 22 Nov 2026 12:00:30", "Sun, 22 Nov 1926 12:00:30 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "Mon, 01 Jan 99999 00:00:00 GMT",
    "Sun, 22 Nov 2026 12:00:30 +9999", "Sun, 31 Feb 2026 99:99:99 GMT", "22 Nov", "\x80\xff", "a" * 9000, "Nov" * 50,
)  # fmt: skip


def broken(rng: Random, text: str) -> str:
    """The value with a piece lost or doubled."""
    if not text or rng.random() < 0.4:
        return text
    start, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
    return text[:start] + (text[start:end] * 2 if rng.random() < 0.5 else "") + text[end:]


def test_no_header_breaks_the_reader_or_bends_the_budget() -> None:
    """Limits are above zero, remains not below it, pauses between nothing and an hour."""
    rng = Random(20261123)
    for _ in range(4_000):
        headers = {name: broken(rng, rng.choice(VALUES)) for name in rng.sample(NAMES, rng.randrange(len(NAMES)))}

        advice = read_advice(headers, NOW)

        assert advice.limit is None or 0 < advice.limit < 10**10, headers
        assert advice.remaining is None or 0 <= advice.remaining < 10**10, headers
        assert advice.reset is None or 0 < advice.reset <= LONGEST, headers
        assert advice.retry_after is None or 0 < advice.retry_after <= LONGEST, headers
