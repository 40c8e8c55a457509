"""What an answer's rate-limit headers say (docs/exchange-api.md, Rate limits). All may be missing or nonsense."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 3600  # seconds; a longer pause is tried again after an hour, a longer reset is no relative time


@dataclass(frozen=True, slots=True)
class RateAdvice:
    """The server's own words: calls a second, calls left now, seconds until the window resets, seconds to stay away."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None
    retry_after: float | None = None


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None  # noqa: PLR2004 - unix times have 10 digits


def _positive(seconds: float | None) -> float | None:
    return min(seconds, LONGEST) if seconds is not None and seconds > 0 else None


def _retry_after(text: str | None, now: datetime) -> float | None:
    if (seconds := _number(text)) is not None:
        return _positive(seconds)
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return _positive(((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def read_advice(headers: Mapping[str, str], now: datetime) -> RateAdvice:
    """Parse the headers of one answer; `now` turns a Retry-After date into seconds."""
    found = {name.lower(): value for name, value in headers.items()}
    remaining = _number(found.get("x-ratelimit-remaining-second"))
    reset = _number(found.get("ratelimit-reset"))
    return RateAdvice(
        limit=_number(found.get("x-ratelimit-limit-second")) or None,
        remaining=_number(found.get("ratelimit-remaining")) if remaining is None else remaining,
        reset=_positive(reset) if reset is not None and reset <= LONGEST else None,
        retry_after=_retry_after(found.get("retry-after"), now),
    )
