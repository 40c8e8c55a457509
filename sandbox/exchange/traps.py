"""Titles that look profitable to whoever skips one check, and are not. One function per kind."""

from collections.abc import Callable
from datetime import timedelta

from sandbox.exchange.assets import draw_asset, exterior_of, float_part, has_phases
from sandbox.exchange.fees import REDUCED_FEE_BPS, WHOLE, ReducedFee, price_for
from sandbox.exchange.generate import noise_listing, share
from sandbox.exchange.market import Bid, Listing, Trap
from sandbox.exchange.staging import Stage
from sandbox.exchange.titles import VANILLA

NORMAL = (600, 6_000)  # cents: with a cheap ask at 0.6 of it still inside the bands
CHEAP = 600  # permille of the normal price
HIGH_BID = 900
USUAL_BID = 850
CLOSE_BID = 970
TWIN_SUFFIX = {
    "csgo": " | Safari Mesh (Battle-Scarred)",
    "dota2": " Bundle",
    "tf2": " Strangifier",
    "rust": " Blueprint",
}


def _normal(stage: Stage) -> int:
    return stage.rng.randint(*NORMAL)


def _calm(stage: Stage, listing: Listing, price: int, bid_permille: int) -> None:
    """A title in balance: asks from `price`, sales a little below, the bid at `bid_permille` of it."""
    bid = share(price, bid_permille)
    sales = stage.genuine(listing.title, share(price, 940), share(price, 1000)) + stage.filled_bids(listing.title, bid)
    stage.set(listing, stage.asks(listing.title, price), stage.bids(bid), sales)


def stale_aggregate(stage: Stage) -> str:
    """The aggregate still shows a cheap ask and a high bid that are both gone."""
    listing, price = stage.pick(), _normal(stage)
    _calm(stage, listing, price, USUAL_BID)
    listing.pinned = (share(price, CHEAP), share(price, HIGH_BID))
    return listing.title


def p2p_only_ask(stage: Stage) -> str:
    """The cheap ask is a P2P offer, which the API cannot buy."""
    listing, price = stage.pick(), _normal(stage)
    _calm(stage, listing, price, CLOSE_BID)
    offer = stage.offers(listing.title, [share(price, CHEAP)])[0]
    offer.kind = "p2p"
    stage.market.book(listing, stage.now).offers.append(offer)
    return listing.title


def doppler_phases(stage: Stage) -> str:
    """A phase at its fair price beside bids and sales that are all for Rubies."""
    listing, price = stage.pick(has_phases), stage.rng.randint(12_000, 30_000)
    title, ruby = listing.title, price * 4
    offers = stage.asks(title, price, 3, "phase-1") + stage.asks(title, share(ruby, 1050), 2, "ruby")
    bids = stage.bids(share(price, USUAL_BID)) + stage.bids(share(ruby, USUAL_BID), "ruby")
    sales = stage.genuine(title, share(ruby, 950), ruby, 12, "ruby")
    sales += stage.genuine(title, share(price, 950), price, 3, "phase-1")
    stage.set(listing, offers, bids, sales)
    return title


def attribute_restricted_bid(stage: Stage) -> str:
    """The high bids ask for one float bucket or one pattern; what anybody may fill is low."""
    listing, price = stage.pick(), _normal(stage)
    _calm(stage, listing, price, USUAL_BID)
    book = stage.market.book(listing, stage.now)
    taken = {offer.asset.paint_seed for offer in book.offers}
    seed = next(seed for seed in range(1, 1001) if seed not in taken)
    best_part = {"Factory New": "FN-0"}.get(exterior_of(listing.title), "")
    part = best_part or float_part(draw_asset("csgo", listing.title, stage.rng).float_value)
    book.bids.insert(0, Bid(share(price, 1500), 1, paint_seed=str(seed)))
    book.bids.insert(1, Bid(share(price, 1400), 2, float_part=part, paint_seed=str(seed)))
    return listing.title


def lone_high_sale(stage: Stage) -> str:
    """One sale at three times the price, the newest, lifts average and last price alike."""
    listing, price = stage.pick(), _normal(stage)
    _calm(stage, listing, price, CLOSE_BID)
    book, title = stage.market.book(listing, stage.now), listing.title
    high = stage.genuine(title, 3 * price, 3 * price, 1)[0]
    high.at = stage.now - timedelta(minutes=30)
    book.sales = [high, *sorted(stage.genuine(title, share(price, 940), price, 4), key=lambda s: s.at, reverse=True)]
    return title


def wash_sales(stage: Stage) -> str:
    """A dozen sales at twice the price within half an hour, all of the same item."""
    listing, price = stage.pick(), _normal(stage)
    title = listing.title
    sales = stage.burst(2 * price, 12, draw_asset(stage.game, title, stage.rng))
    older = stage.genuine(title, share(price, 940), price, 5)
    for sale in older:
        sale.at -= timedelta(days=1)
    stage.set(listing, stage.asks(title, price), stage.bids(share(price, CLOSE_BID)), sales + older)
    return title


def fee_eats_profit(stage: Stage) -> str:
    """The bid is 4 % above the ask and every fee is more."""
    listing, price = stage.pick(), _normal(stage)
    title, bid = listing.title, share(price, 1040)
    offers = stage.offers(title, [price]) + stage.asks(title, share(bid, 1030))
    stage.set(listing, offers, stage.bids(bid), stage.genuine(title, share(price, 960), share(price, 1010)))
    return title


def minimum_fee(stage: Stage) -> str:
    """A fee of 0 % still costs the minimum of one cent, the whole gain."""
    listing, price = stage.pick(), stage.rng.randint(55, 65)
    title, expires = listing.title, stage.now.replace(microsecond=0) + timedelta(days=3)
    stage.market.fees.reduced[title] = ReducedFee(title, 0, 1, 100_000, expires)
    offers = stage.offers(title, [price]) + stage.asks(title, share(price, 1100))
    stage.set(listing, offers, stage.bids(price + 1), stage.genuine(title, price - 3, price))
    return title


def expired_reduced_fee(stage: Stage) -> str:
    """At 2 % the bid would pay, but the row that says so is past."""
    listing, price = stage.pick(), stage.rng.randint(200, 290)
    title, expired = listing.title, stage.now.replace(microsecond=0) - timedelta(hours=2)
    stage.market.fees.reduced[title] = ReducedFee(title, REDUCED_FEE_BPS, 1, 100_000, expired)
    bid = min(share(price, 1060), price_for(price, stage.default_bps) - 2)
    offers = stage.offers(title, [price]) + stage.asks(title, share(bid, 1030))
    stage.set(listing, offers, stage.bids(bid), stage.genuine(title, share(price, 960), share(price, 1000)))
    return title


def locked_offer(stage: Stage) -> str:
    """The only cheap offer is already in somebody's purchase."""
    listing, price = stage.pick(), _normal(stage)
    _calm(stage, listing, price, USUAL_BID)
    offer = stage.offers(listing.title, [share(price, CHEAP)])[0]
    offer.locked = True
    stage.market.book(listing, stage.now).offers.insert(0, offer)
    return listing.title


def prefix_twin(stage: Stage) -> str:
    """A search for the title also returns the cheap offers of a longer one; its own are dear."""
    price = _normal(stage)
    listing, twin = _twins(stage)
    _calm(stage, listing, price, USUAL_BID)
    listing.pinned = (share(price, CHEAP), share(price, HIGH_BID))
    _calm(stage, twin, share(price, 500), USUAL_BID)
    return listing.title


def _twins(stage: Stage) -> tuple[Listing, Listing]:
    """A title and a longer one that starts with it; in CS2 a bare knife and its painted sister."""
    listings, suffix = stage.market.listings, TWIN_SUFFIX[stage.game]
    if stage.game == "csgo":
        free = [name for name in VANILLA if name + suffix not in listings and stage.free(name)]
        listing = listings[stage.rng.choice(free)]
    else:
        listing = stage.pick(lambda title: not title.startswith("Unusual") and not title.endswith(")"))
    twin = noise_listing(stage.game, listing.title + suffix, stage.rng)
    stage.market.add(twin)
    return listing, twin


def no_sales(stage: Stage) -> str:
    """A cheap ask under a high live bid, and nothing was ever sold."""
    listing, price = stage.pick(), _normal(stage)
    title = listing.title
    offers = stage.offers(title, [share(price, CHEAP)]) + stage.asks(title, price)
    stage.set(listing, offers, stage.bids(share(price, HIGH_BID)), [])
    return title


def outside_bands(stage: Stage) -> str:
    """A clear profit on an item cheaper than every level; a second one is dearer than all."""
    return _outside(stage, 30)


def outside_bands_dear(stage: Stage) -> str:
    """A clear profit on an item dearer than every level."""
    return _outside(stage, 150_000)


def _outside(stage: Stage, buy: int) -> str:
    listing = stage.pick()
    title, bid = listing.title, price_for(share(buy, 1400), WHOLE // 10)
    offers = stage.offers(title, [buy]) + stage.asks(title, share(bid, 1100))
    sales = stage.genuine(title, bid, share(bid, 1040)) + stage.filled_bids(title, bid)
    stage.set(listing, offers, stage.bids(bid), sales)
    return title


ANY_GAME: tuple[tuple[str, Callable[[Stage], str]], ...] = (
    ("stale_aggregate", stale_aggregate),
    ("lone_high_sale", lone_high_sale),
    ("wash_sales", wash_sales),
    ("fee_eats_profit", fee_eats_profit),
    ("minimum_fee", minimum_fee),
    ("expired_reduced_fee", expired_reduced_fee),
    ("locked_offer", locked_offer),
    ("prefix_twin", prefix_twin),
    ("no_sales", no_sales),
    ("outside_bands", outside_bands),
    ("outside_bands", outside_bands_dear),
)
CSGO_ONLY: tuple[tuple[str, Callable[[Stage], str]], ...] = (
    ("p2p_only_ask", p2p_only_ask),
    ("doppler_phases", doppler_phases),
    ("attribute_restricted_bid", attribute_restricted_bid),
)


def lay_traps(stage: Stage) -> list[Trap]:
    """One trap of each kind that the game allows, two outside the bands."""
    kinds = ANY_GAME + (CSGO_ONLY if stage.game == "csgo" else ())
    return [Trap(stage.game, lay(stage), kind) for kind, lay in kinds]
