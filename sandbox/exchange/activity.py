"""How lively titles are: in a skewed market a small share of them makes most sales, as in real ones."""

from itertools import accumulate
from math import log
from random import Random

from sandbox.exchange.market import GameMarket, Listing

MEDIAN_SALES = 6  # a month
SIGMA = 2.0  # of the logarithm: then 5 % of the titles make about two thirds of all sales
BOOK_SIGMA = 0.7  # offers and bids follow the sales loosely
MOST = 3_000  # sales a month
MOST_OFFERS = 400


def skew(market: GameMarket, seed: int) -> None:
    """Give each title an activity of its own, with as many offers and bids as go with it."""
    rng = Random(f"{seed}:{market.game.key}:activity")
    for title in market.order:
        listing = market.listings[title]
        listing.activity = min(max(round(rng.lognormvariate(log(MEDIAN_SALES), SIGMA)), 1), MOST)
        if listing.asks:
            listing.asks = _deep(listing, rng)
        if listing.bids:
            listing.bids = _deep(listing, rng)
    market.activity = list(accumulate(market.listings[title].activity or 0 for title in market.order))


def _deep(listing: Listing, rng: Random) -> int:
    """A month's sales, more or less: a usual listing sells within a month."""
    return min(max(round((listing.activity or 0) * rng.lognormvariate(0, BOOK_SIGMA)), 1), MOST_OFFERS)


def draw(market: GameMarket, rng: Random, count: int) -> list[str]:
    """Up to `count` distinct titles, each as likely as it is active; all alike in a market that is not skewed."""
    if not market.activity:
        return rng.sample(market.order, count)
    known = market.order[: len(market.activity)]
    return list(dict.fromkeys(rng.choices(known, cum_weights=market.activity, k=count)))
