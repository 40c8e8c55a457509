"""What a sandbox exchange is started with, and the command line that says it."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.games import GAMES

DEFAULT_TITLES: Mapping[str, int] = {"csgo": 5000, "dota2": 3000, "tf2": 2000, "rust": 2000}
LEAST_TITLES = 200  # room for every plant and trap of a game among enough noise


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`titles` counts titles per game key; `accounts` are public keys in hex, none means the built-in one.

    `plant_seed` chooses other titles for opportunities and traps in the same catalogue. `latency_ms` delays
    every signed answer. `tick_seconds` 0 freezes the market. `planted_per_game` counts true opportunities
    besides the Doppler one of csgo. In a `skewed` market a few titles have most of the sales and price changes.
    """

    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 7
    plant_seed: int = 0
    titles: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_TITLES))
    accounts: tuple[str, ...] = ()
    latency_ms: int = 40
    tick_seconds: int = 1
    planted_per_game: int = 11
    skewed: bool = False


def parse_titles(text: str) -> dict[str, int]:
    """`csgo=5000,rust=300` as counts per game key; games left out have no titles."""
    counts = dict.fromkeys(GAMES, 0)
    for part in text.split(","):
        key, _, number = part.strip().partition("=")
        if key not in GAMES or not number.isdecimal():
            raise argparse.ArgumentTypeError(f"{part!r} is not game=count with a game of {', '.join(GAMES)}")
        if 0 < int(number) < LEAST_TITLES:
            raise argparse.ArgumentTypeError(f"{key} needs 0 or at least {LEAST_TITLES} titles, not {number}")
        counts[key] = int(number)
    return counts


def parse_account(text: str) -> str:
    """A public key: 64 hex digits, returned in lower case."""
    key = text.lower()
    if len(key) != 64 or set(key) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a public key of 64 hex digits")
    return key


def at_least(least: int) -> Callable[[str], int]:
    """An argparse type for whole numbers from `least` on."""

    def whole(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
        return int(text)

    return whole


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    """Options from the command line; a bad one ends the process with a sentence saying what would be right."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.exchange", description="A local DMarket.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=at_least(0), default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--plant-seed", type=int, default=0, help="other deals in the same catalogue")
    parser.add_argument("--titles", type=parse_titles, default=dict(DEFAULT_TITLES), help="csgo=5000,rust=300")
    parser.add_argument("--account", dest="accounts", type=parse_account, action="append", default=[])
    parser.add_argument("--latency-ms", type=at_least(0), default=40)
    parser.add_argument("--tick-seconds", type=at_least(0), default=1, help="0 freezes the market")
    parser.add_argument("--planted-per-game", type=at_least(6), default=11)
    parser.add_argument("--skewed", action="store_true", help="a few titles make most sales, as in real markets")
    given = vars(parser.parse_args(arguments))
    return Options(**{**given, "accounts": tuple(given["accounts"])})
