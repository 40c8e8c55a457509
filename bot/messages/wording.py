"""How all messages write amounts, ages and names, and how long texts are cut."""

import re
from collections.abc import Iterable
from datetime import timedelta
from html import escape, unescape

from bot.speech import Speech
from domain.games import GAMES
from domain.levels import LEVELS, Level
from domain.money import BasisPoints, Cents, percent, usd

TEXT_LIMIT = 4096  # UTF-16 units that one Telegram message holds
_TAG = re.compile(r"<[^>]*>")
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"))


def age(passed: timedelta) -> str:
    """A time span in its largest whole unit: `45 s`, `12 min`, `3 h`, `4 d`. A negative one is `0 s`."""
    seconds = max(0, int(passed.total_seconds()))
    for unit, name in _UNITS:
        if seconds >= unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def gain(net: Cents, return_bps: BasisPoints) -> str:
    """A net result in money and percent: `+$1.16 · 11.6%`, `-$0.40 · -3.2%`."""
    return f"{'+' if net > 0 else ''}{usd(net)} · {percent(return_bps)}"


def game_label(key: str) -> str:
    """A game as people know it; a key that is not in the table stays as it is."""
    return escape(GAMES[key].label if key in GAMES else key)


def level_emoji(key: str) -> str:
    return LEVELS[key].emoji if key in LEVELS else "•"


def level_line(level: Level, speech: Speech) -> str:
    """A level with its band and threshold: `🚀 boost: $0.50 to $3.00, at least 1.0% net`."""
    band = speech.text(
        "{low} to {high}, at least {least} net",
        low=speech.usd(level.low),
        high=speech.usd(level.high),
        least=speech.percent(level.min_return_bps),
    )
    return f"{level.emoji} {level.key}: {band}"


def pages(blocks: Iterable[str], limit: int = TEXT_LIMIT) -> list[str]:
    """Blocks joined by line breaks into as few texts as fit; a block is never cut, so tags stay closed.

    As Telegram does, this counts what is left when the tags are read.
    """
    texts: list[str] = []
    for block in blocks:
        longer = f"{texts[-1]}\n{block}" if texts else block
        if texts and units(longer) <= limit:
            texts[-1] = longer
        else:
            texts.append(block)
    return texts


def units(text: str) -> int:
    """How long Telegram finds an HTML text: UTF-16 units of what is left when the tags are read."""
    return len(unescape(_TAG.sub("", text)).encode("utf-16-le")) // 2
