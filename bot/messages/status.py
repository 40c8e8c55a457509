"""/status: how fresh everything is, and whether silence means that there is nothing."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.messages.outage import outages
from bot.messages.wording import age, game_label, pages
from bot.upstream import Outlook, trouble
from models.queries.overview import GameOverview

Games = Mapping[str, tuple[GameOverview, timedelta | None]]  # with the time between two scans, None when off


def status(games: Games, outlook: Outlook, subscribed: bool, now: datetime) -> list[str]:
    """What does not work, one block a game in the order given, and whether this chat is told."""
    told = "This chat is subscribed." if subscribed else "This chat is not subscribed: /start changes that."
    away = outages(outlook, now)
    fine = "⚠️ see above" if outlook.blind else "✅ in order"
    blocks = (_game(key, game, interval, now, fine) for key, (game, interval) in games.items())
    return pages([*away, *([""] if away else []), *blocks, told])


def degraded(games: Games, now: datetime) -> list[str]:
    """One line for each switched-on game whose data is not as fresh as it should be."""
    troubles = ((key, trouble(game, interval, now)) for key, (game, interval) in games.items() if interval)
    return [f"⚠️ {game_label(key)}: {what}" for key, what in troubles if what]


def scans(games: Games, now: datetime) -> str:
    """When each switched-on game was last scanned, in one line."""
    return "Last scans: " + ", ".join(
        f"{game_label(key)} {_ago(game.scanned_at, now)}" for key, (game, interval) in games.items() if interval
    )


def _game(key: str, game: GameOverview, interval: timedelta | None, now: datetime, fine: str) -> str:
    return "\n".join(_lines(key, game, interval, now, fine)) + "\n"


def _lines(key: str, game: GameOverview, interval: timedelta | None, now: datetime, fine: str) -> Iterator[str]:
    if interval is None:
        yield f"<b>{game_label(key)}</b>: switched off"
        return
    what = trouble(game, interval, now)
    yield f"<b>{game_label(key)}</b>: {f'⚠️ {what}' if what else fine}"
    yield f"last scan {_ago(game.scanned_at, now)}, planned every {age(interval)}"
    if game.oldest and game.newest:
        yield f"prices {age(now - game.newest)} to {age(now - game.oldest)} old, {game.titles:,} titles"
    else:
        yield f"no prices yet, {game.titles:,} titles"
    yield f"{game.opportunities:,} open opportunities" if game.opportunities != 1 else "1 open opportunity"


def _ago(at: datetime | None, now: datetime) -> str:
    return f"{age(now - at)} ago" if at else "never"
