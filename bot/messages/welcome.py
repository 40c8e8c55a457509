"""What /start, /stop and /help say, generated from the games, levels and commands that exist."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.messages.status import Games, degraded
from bot.messages.wording import game_label, level_line, pages
from domain.filters import Filter
from domain.levels import LEVELS

_EXPECT = (
    "What is open right now follows at once. After that, an alert comes within seconds of a purchase that makes money "
    "after fees, proven on live offers, open bids and real sales, with all numbers and their age. Silence means that "
    "nothing qualifies: /status shows that I am at work, /top what is open now, /stop ends the alerts."
)


def welcome(new: bool, wanted: Filter, games: Games, now: datetime) -> list[str]:
    """Confirms the subscription and says what is watched and what to expect; `wanted` is what the chat has."""
    head = "✅ <b>Subscribed.</b>" if new else "✅ <b>You are subscribed already.</b>"
    on = [game_label(key) for key, (_, interval) in games.items() if interval and key in wanted.games]
    off = [game_label(key) for key, (_, interval) in games.items() if not interval and key in wanted.games]
    blocks = [f"{head} Watching {', '.join(on) or 'no game'}."]
    if off:
        blocks.append(f"Switched off at the moment: {', '.join(off)}.")
    levels = [level_line(level) for key, level in LEVELS.items() if key in wanted.levels]
    return pages([*blocks, "", "Levels by buy price:", *levels, "", _EXPECT, *degraded(games, now)])


def farewell(was_active: bool) -> list[str]:
    if was_active:
        return ["Stopped. No more alerts come to this chat; /start brings them back."]
    return ["This chat was not subscribed, so nothing changes. /start subscribes it."]


def usage(commands: Sequence[tuple[str, str]], intervals: Mapping[str, timedelta | None]) -> list[str]:
    """Every command with its description, and what the bot is."""
    watched = ", ".join(game_label(key) for key, interval in intervals.items() if interval)
    head = f"I watch the DMarket prices of {watched or 'no game'} and tell you what can be bought and sold at a profit."
    return pages([head, "", *(f"/{name}: {text}" for name, text in commands)])
