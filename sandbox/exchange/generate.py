"""The noise: titles whose every exit loses, with books made from the seed when first looked at."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from domain.games import Game
from sandbox.exchange.assets import draw_asset, float_part
from sandbox.exchange.fees import DEFAULT_FEE_BPS, REDUCED_FEE_BPS, FeeTable, ReducedFee
from sandbox.exchange.market import Bid, Book, GameMarket, Listing, Offer, Sale
from sandbox.exchange.titles import draw_titles

PRICE_BANDS = ((3, 50), (50, 300), (300, 1_000), (1_000, 3_000), (3_000, 10_000), (10_000, 100_000), (100_000, 200_000))
PRICE_WEIGHTS = (18, 30, 22, 14, 9, 6, 1)
BID_PERMILLE = (750, 880)  # of the ask: at the default or a reduced fee every instant exit loses clearly
SALE_PERMILLE = (880, 1010)  # of the floor, so that the ask is never below 0.97 of a sale
SALE_TAILS = (0, 3, 10, 10, 30, 120)  # sales within 30 days: most titles few, some many
MOST_SALES = 200  # twice what a client reads
OFFER_TAILS = (3, 8, 8, 20, 60)
MONTH = timedelta(days=30)
REDUCED_SHARE = 8  # one title in so many has a reduced fee, up to REDUCED_MOST
REDUCED_MOST = 400


def share(price: int, permille: int) -> int:
    """`permille` of `price` cents, rounded down."""
    return price * permille // 1000


def new_id(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def draw_price(rng: Random) -> int:
    """A fair price in cents, 3 to 200,000, heavy-tailed."""
    low, high = rng.choices(PRICE_BANDS, PRICE_WEIGHTS)[0]
    return rng.randint(low, rng.randint(low, high))


def noise_listing(game: str, title: str, rng: Random, price: int | None = None) -> Listing:
    """A title no exit of which pays; one in thirty has no offers and one in twenty no bids."""
    floor = price or draw_price(rng)
    ask = share(floor, rng.randint(1000, 1050))
    asks = rng.randint(1, rng.choice(OFFER_TAILS)) if rng.randrange(30) else 0
    p2p_asks = rng.randint(1, 5) if game == "csgo" and asks and not rng.randrange(5) else 0
    bids = rng.randint(1, 60) if rng.randrange(20) else 0
    return Listing(title, floor, ask, asks, p2p_asks, share(ask, rng.randint(*BID_PERMILLE)), bids)


def new_offer(game: str, title: str, price: int, rng: Random, now: datetime, *, phase: str = "") -> Offer:
    """An offer created within the last twenty days."""
    created = now - timedelta(seconds=rng.randint(60, 20 * 86_400), milliseconds=rng.randrange(1000))
    return Offer(new_id(rng), new_id(rng), price, created, draw_asset(game, title, rng, phase))


def _offers(game: str, listing: Listing, rng: Random, now: datetime) -> list[Offer]:
    prices = [listing.ask]
    while len(prices) < listing.asks:
        prices.append(min(share(prices[-1], rng.randint(1000, 1080)), listing.ask * 3))
    offers = [new_offer(game, listing.title, price, rng, now) for price in prices[: listing.asks]]
    for _ in range(listing.p2p_asks):
        offer = new_offer(game, listing.title, share(listing.ask, rng.randint(1000, 1150)), rng, now)
        offer.kind = "p2p"
        offers.append(offer)
    return offers


def _bids(game: str, listing: Listing, rng: Random) -> list[Bid]:
    """Rows from the best bid downwards whose amounts sum to the aggregate's count."""
    rows: list[Bid] = []
    left, price = listing.bids, listing.bid
    while left and price:
        last = len(rows) == 7 or price <= 1
        amount = left if last else rng.randint(1, left)
        rows.append(Bid(price, amount))
        left, price = left - amount, min(price - 1, share(price, rng.randint(900, 990)))
    part = float_part(draw_asset(game, listing.title, rng).float_value)
    if part and len(rows) > 2 and not rng.randrange(3):
        rows[-1].float_part = part
    return rows


def _sales(game: str, listing: Listing, rng: Random, now: datetime) -> list[Sale]:
    count, span = rng.randint(0, rng.choice(SALE_TAILS)), int(MONTH.total_seconds())
    if listing.activity is not None:
        monthly = rng.randint(listing.activity // 2, listing.activity * 3 // 2)
        count = min(monthly, MOST_SALES)
        span = span * count // max(monthly, 1)  # of more sales only the newest are kept
    ages = sorted(rng.randint(60, max(span, 60)) for _ in range(count))
    return [noise_sale(game, listing, rng, now - timedelta(seconds=age)) for age in ages]


def noise_sale(game: str, listing: Listing, rng: Random, at: datetime) -> Sale:
    """A sale at or below 1.01 x the floor; one in four filled a bid."""
    asset = draw_asset(game, listing.title, rng)
    if listing.bids and not rng.randrange(4):
        return Sale(max(1, share(listing.bid, rng.randint(950, 1000))), at, "Target", asset)
    return Sale(max(1, share(listing.floor, rng.randint(*SALE_PERMILLE))), at, "Offer", asset)


def noise_book(game: str, seed: int, listing: Listing, now: datetime) -> Book:
    """The same book for the same seed, title and prices, with times relative to `now`."""
    rng = Random(f"{seed}:{game}:{listing.title}")
    offers, bids = _offers(game, listing, rng, now), _bids(game, listing, rng)
    return Book(offers, bids, _sales(game, listing, rng, now))


def noise_market(game: Game, count: int, seed: int) -> GameMarket:
    """One game's titles without plants, traps and reduced fees."""
    rng = Random(f"{seed}:{game.key}")

    def fill(listing: Listing, now: datetime) -> Book:
        return noise_book(game.key, seed, listing, now)

    market = GameMarket(game, FeeTable(DEFAULT_FEE_BPS[game.key]), fill)
    for title in draw_titles(game.key, count, rng):
        market.listings[title] = noise_listing(game.key, title, rng)
    market.order = list(market.listings)
    market.keys = sorted((title.lower(), title) for title in market.order)
    return market


def reduce_fees(market: GameMarket, rng: Random, now: datetime) -> None:
    """Reduced rows of 2 % for some noise titles, valid for days to come."""
    noise = [title for title, listing in market.listings.items() if not listing.still]
    for title in rng.sample(noise, min(REDUCED_MOST, len(noise) // REDUCED_SHARE)):
        expires = now.replace(microsecond=0) + timedelta(hours=rng.randint(12, 24 * 7))
        price = market.listings[title].floor
        market.fees.reduced[title] = ReducedFee(title, REDUCED_FEE_BPS, max(1, price // 2), price * 2, expires)
