"""Whether what is known of a game can still be relied on."""

from datetime import datetime, timedelta

from bot.messages.wording import age
from models.queries.overview import GameOverview

LATE = 3  # intervals without a finished scan


def trouble(game: GameOverview, interval: timedelta, now: datetime) -> str | None:
    """What is wrong with a switched-on game in a few words, None when it is scanned as planned."""
    if game.scanned_at is None and not game.expired:
        return "no scan has finished yet"
    passed = now - game.scanned_at if game.scanned_at else None
    if passed is not None and passed > LATE * interval:
        return f"upstream degraded, the last scan finished {age(passed)} ago, it should every {age(interval)}"
    return "upstream degraded, the last scan did not finish in time" if game.expired else None
