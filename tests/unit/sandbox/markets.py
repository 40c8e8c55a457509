"""Small planted markets that the tests of this folder share."""

from datetime import UTC, datetime
from functools import cache

from sandbox.exchange.exchange import build_market
from sandbox.exchange.market import Book, GameMarket, Listing, Market
from sandbox.exchange.options import Options

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SMALL = {"csgo": 900, "dota2": 300, "tf2": 300, "rust": 300}


def fresh_market(seed: int = 7) -> Market:
    """A market nobody else has touched, for tests that change it."""
    return build_market(Options(seed=seed, titles=SMALL), NOW)


@cache
def market() -> Market:
    """One shared market, for tests that only read."""
    return fresh_market()


def opened(game: GameMarket, title: str) -> tuple[Listing, Book]:
    """A title and its book."""
    listing = game.listings[title]
    return listing, game.book(listing, NOW)
