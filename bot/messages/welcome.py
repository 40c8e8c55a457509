"""What /start, /stop and /help say, generated from the games, levels and commands that exist."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.messages.status import Games, degraded
from bot.messages.wording import game_label, level_emoji, level_line, pages
from bot.speech import Speech
from domain.filters import Wishes
from domain.levels import LEVELS


def welcome(first: bool, wishes: Wishes, games: Games, speech: Speech, now: datetime) -> list[str]:
    """Confirms the subscription and says what to expect; `first` asks a newcomer for the language."""
    on = [game_label(key) for key, (_, interval) in games.items() if interval and _wanted(key, wishes)]
    off = [game_label(key) for key, (_, interval) in games.items() if not interval and _wanted(key, wishes)]
    head = speech.text("✅ <b>Subscribed.</b>")
    watching = speech.text("Watching {games}.", games=", ".join(on)) if on else speech.text("No game is watched.")
    blocks = [f"{head} {watching}"]
    if off:
        blocks.append(speech.text("Switched off at the moment: {games}.", games=", ".join(off)))
    expect = speech.text(
        "What is open right now follows at once. After that, an alert comes within seconds of a purchase that makes "
        "money after fees, proven on live offers, open bids and real sales, with all numbers and their age. Silence "
        "means that nothing qualifies: /status shows that I am at work, /top what is open now, /stop ends the alerts."
    )
    step = ["", speech.text("<b>Step 1 of 3.</b> Which language shall I speak?")] if first else []
    return pages([*blocks, "", expect, *degraded(games, speech, now), *step])


def known(moved: bool, wishes: Wishes, games: Games, speech: Speech, now: datetime) -> list[str]:
    """To a chat that is subscribed already: what it gets. `moved` says that it comes to another topic now."""
    head = speech.text("✅ <b>You are subscribed already.</b>")
    levels = {level for one in wishes.values() if one.on for level in one.levels}
    lines = [level_line(level, speech) for key, level in LEVELS.items() if key in levels]
    topic = [speech.text("From now on alerts come to this topic.")] if moved else []
    return pages([head, *topic, watching(wishes, speech), *lines, *degraded(games, speech, now)])


def watching(wishes: Wishes, speech: Speech) -> str:
    """Games and levels in one sentence, such as `Watching CS2, Rust · 🚀 boost, ⚡ standard`."""
    on = {key: one.levels for key, one in wishes.items() if one.on}
    if not on:
        return speech.text("No game is watched.")
    levels = {level for chosen in on.values() for level in chosen}
    named = ", ".join(f"{level_emoji(key)} {key}" for key in LEVELS if key in levels)
    return speech.text("Watching {games} · {levels}.", games=", ".join(map(game_label, on)), levels=named)


def _wanted(game: str, wishes: Wishes) -> bool:
    return game in wishes and wishes[game].on


def farewell(was_active: bool, speech: Speech) -> list[str]:
    if was_active:
        return [speech.text("Stopped. No more alerts come to this chat; /start brings them back.")]
    return [speech.text("This chat was not subscribed, so nothing changes. /start subscribes it.")]


def usage(
    commands: Sequence[tuple[str, str]],
    intervals: Mapping[str, timedelta | None],
    speech: Speech,
    paused: Collection[str] = (),
) -> list[str]:
    """Every command with its description, and what the bot is; games that are `paused` are named."""
    watched = ", ".join(game_label(key) for key, interval in intervals.items() if interval and key not in paused)
    resting = ", ".join(game_label(key) for key, interval in intervals.items() if interval and key in paused)
    head = (
        speech.text(
            "I watch the DMarket prices of {games} and tell you what can be bought and sold at a profit.", games=watched
        )
        if watched
        else speech.text("I watch DMarket prices and tell you what can be bought and sold at a profit.")
    )
    rest = [speech.text("Paused by the operators: {games}.", games=resting)] if resting else []
    return pages([head, *rest, "", *(f"/{name}: {speech.text(text)}" for name, text in commands)])
