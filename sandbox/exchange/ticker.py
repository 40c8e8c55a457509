"""Time passing on the noise: prices wander, items sell, and no exit ever starts to pay."""

from datetime import datetime
from random import Random

from sandbox.exchange.activity import draw
from sandbox.exchange.generate import BID_PERMILLE, new_id, noise_sale, share
from sandbox.exchange.market import Book, GameMarket, Listing, Market

MOVING_SHARE = 100  # one title in so many moves each tick
STEP_PERMILLE = (960, 1040)
CEILING_PERMILLE = 1150  # of the floor


def tick(market: Market, rng: Random, now: datetime) -> list[str]:
    """Moves about 1 % of all titles by a few percent; returns those that moved."""
    moved = []
    for game in market.games.values():
        for title in draw(game, rng, -(-len(game.order) // MOVING_SHARE)):
            listing = game.listings[title]
            if not listing.still and listing.asks:
                move(game, listing, rng, now)
                moved.append(title)
    return moved


def move(game: GameMarket, listing: Listing, rng: Random, now: datetime) -> None:
    """A new ask between floor and ceiling, a bid that keeps its distance, now and then a sale."""
    ask = share(listing.ask, rng.randint(*STEP_PERMILLE))
    listing.ask = min(max(ask, listing.floor), max(listing.floor, share(listing.floor, CEILING_PERMILLE)))
    low, high = (share(listing.ask, permille) for permille in BID_PERMILLE)
    listing.bid = min(max(share(listing.bid, rng.randint(*STEP_PERMILLE)), low), high)
    if listing.book:
        _reprice_offers(listing, listing.book, rng)
        _reprice_bids(listing, listing.book)
        if rng.randrange(2):
            listing.book.sales.insert(0, noise_sale(game.game.key, listing, rng, now))


def _reprice_offers(listing: Listing, book: Book, rng: Random) -> None:
    """The cheapest bot offer takes the new ask, cheaper ones follow it up; a reprice changes the offer id."""
    mine = [offer for offer in book.offers if offer.kind == "dmarket"]
    cheapest = min(mine, key=lambda offer: offer.price, default=None)
    for offer in book.offers:
        if offer is cheapest or offer.price < listing.ask:
            offer.price = listing.ask if offer is cheapest else share(listing.ask, rng.randint(1000, 1080))
            offer.offer_id = new_id(rng)


def _reprice_bids(listing: Listing, book: Book) -> None:
    for place, bid in enumerate(sorted(book.bids, key=lambda row: row.price, reverse=True)):
        bid.price = listing.bid if place == 0 else min(bid.price, listing.bid)
