"""/status: how fresh everything is, and whether silence means that there is nothing."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.messages.outage import outages
from bot.messages.wording import game_label, pages
from bot.speech import Speech
from bot.upstream import Lag, Outlook, trouble
from models.queries.overview import GameOverview

Games = Mapping[str, tuple[GameOverview, timedelta | None]]  # with the time between two scans, None when off


def status(games: Games, outlook: Outlook, subscribed: bool, speech: Speech, now: datetime) -> list[str]:
    """What does not work, one block a game in the order given, and whether this chat is told."""
    told = (
        speech.text("This chat is subscribed.")
        if subscribed
        else speech.text("This chat is not subscribed: /start changes that.")
    )
    away = outages(outlook, speech, now)
    fine = speech.text("⚠️ see above") if outlook.blind else speech.text("✅ in order")
    blocks = ("\n".join(_lines(key, game, fine, speech, now)) + "\n" for key, game in games.items())
    return pages([*away, *([""] if away else []), *blocks, told])


def degraded(games: Games, speech: Speech, now: datetime) -> list[str]:
    """One line for each switched-on game whose data is not as fresh as it should be; one for all in the same state."""
    states = {
        key: _trouble(game, interval, speech, now) for key, (game, interval) in games.items() if interval is not None
    }
    shared = next(iter(states.values()), None)
    if shared and len(states) > 1 and {*states.values()} == {shared}:
        return [f"⚠️ {speech.text('All games: {state}', state=shared)}"]
    return [f"⚠️ {game_label(key)}: {what}" for key, what in states.items() if what]


def scans(games: Games, speech: Speech, now: datetime) -> str:
    """When each switched-on game was last scanned, in one line."""
    listed = ", ".join(
        f"{game_label(key)} {_ago(game.scanned_at, speech, now)}" for key, (game, interval) in games.items() if interval
    )
    return speech.text("Last scans: {listed}", listed=listed)


def _lines(
    key: str, planned: tuple[GameOverview, timedelta | None], fine: str, speech: Speech, now: datetime
) -> Iterator[str]:
    game, interval = planned
    if interval is None:
        yield speech.text("<b>{game}</b>: switched off", game=game_label(key))
        return
    what = _trouble(game, interval, speech, now)
    yield f"<b>{game_label(key)}</b>: {f'⚠️ {what}' if what else fine}"
    ago, every = _ago(game.scanned_at, speech, now), speech.age(interval)
    yield speech.text("last scan {ago}, planned every {every}", ago=ago, every=every)
    titles = speech.plural("{n} title", "{n} titles", game.titles)
    if game.oldest and game.newest:
        newest, oldest = speech.age(now - game.newest), speech.age(now - game.oldest)
        yield speech.text("prices {newest} to {oldest} old, {titles}", newest=newest, oldest=oldest, titles=titles)
    else:
        yield speech.text("no prices yet, {titles}", titles=titles)
    yield speech.plural("{n} open opportunity", "{n} open opportunities", game.opportunities)


def _trouble(game: GameOverview, interval: timedelta, speech: Speech, now: datetime) -> str | None:
    """What is wrong with a switched-on game in a few words."""
    if game.paused:
        return speech.text("paused by the operators")
    match trouble(game, interval, now):
        case Lag.UNSCANNED:
            return speech.text("no scan has finished yet")
        case Lag.LATE if game.scanned_at:
            ago, every = speech.age(now - game.scanned_at), speech.age(interval)
            return speech.text("late, the last scan finished {ago} ago, one is due every {every}", ago=ago, every=every)
        case Lag.CUT_SHORT:
            return speech.text("the last scan did not finish in time")
    return None


def _ago(at: datetime | None, speech: Speech, now: datetime) -> str:
    return speech.text("{age} ago", age=speech.age(now - at)) if at else speech.text("never")
