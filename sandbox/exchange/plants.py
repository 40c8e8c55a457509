"""True opportunities: a purchase that earns at least twice its level's return after the real fee."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from sandbox.exchange.assets import has_phases
from sandbox.exchange.fees import REDUCED_FEE_BPS, ReducedFee, price_for
from sandbox.exchange.generate import share
from sandbox.exchange.levels import BANDS, Band, band_of
from sandbox.exchange.market import Bid, GameMarket, Listing, Plant
from sandbox.exchange.staging import Stage

# What every game gets first; six of them already touch all five levels.
ORDER = (
    ("instant", "boost"),
    ("patient", "standard"),
    ("reduced", "boost"),
    ("instant", "medium"),
    ("patient", "advanced"),
    ("instant", "pro"),
    ("patient", "boost"),
    ("instant", "standard"),
    ("patient", "medium"),
    ("instant", "advanced"),
    ("patient", "pro"),
)
REDUCED_BUY = (240, 290)  # near the top of boost, where whole cents do not blur a few percent
RUBY_FACTOR = 4  # a Ruby costs a multiple of any numbered phase


@dataclass(frozen=True, slots=True)
class Deal:
    """A buy price and the selling price in cents that earns the drawn return at the fee."""

    band: Band
    buy: int
    sell: int


def draw_deal(stage: Stage, level: str) -> Deal:
    """A deal of a level at the game's default fee."""
    band = BANDS[level]
    buy = band.draw_buy(stage.rng)
    wanted = buy + -(-buy * band.draw_return(stage.rng) // 10_000)
    return Deal(band, buy, price_for(wanted, stage.default_bps))


def _record(stage: Stage, listing: Listing, exit_: str, sell: int, phase: str = "") -> Plant:
    book = stage.market.book(listing, stage.now)
    offer = min((one for one in book.offers if one.asset.phase == phase), key=lambda one: one.price)
    net = stage.market.fees.proceeds(listing.title, sell, stage.now) - offer.price
    band = band_of(offer.price)
    if band is None or net * 10_000 < 2 * band.least_bps * offer.price:
        raise ValueError(f"{listing.title} at {offer.price} cents earns {net}, less than twice its level's return")
    return Plant(stage.game, listing.title, offer.offer_id, offer.price, exit_, sell, net, band.key, phase)


def plant_instant(stage: Stage, level: str) -> Plant:
    """The best unrestricted bid stands above the cheapest ask by more than the fee; sales agree with the bid."""
    return _instant(stage, stage.pick(), draw_deal(stage, level))


def _instant(stage: Stage, listing: Listing, deal: Deal) -> Plant:
    title, bid = listing.title, deal.sell
    offers = stage.offers(title, [deal.buy]) + stage.asks(title, share(bid, 1080) + 2)
    sales = stage.genuine(title, bid, share(bid, 1040)) + stage.filled_bids(title, bid)
    stage.set(listing, offers, stage.bids(bid), sales)
    return _record(stage, listing, "instant", bid)


def plant_reduced(stage: Stage, level: str = "boost") -> Plant:
    """As instant, but the bid pays only thanks to a reduced fee that is valid now."""
    listing = stage.pick()
    buy = stage.rng.randint(*REDUCED_BUY)
    bid = price_for(buy + 1, stage.default_bps) - 1  # the highest price without gain at the default fee
    expires = stage.now.replace(microsecond=0) + timedelta(days=3)
    row = ReducedFee(listing.title, REDUCED_FEE_BPS, buy // 2, buy * 3, expires)
    stage.market.fees.reduced[listing.title] = row
    return _instant(stage, listing, Deal(BANDS[level], buy, bid))


def plant_patient(stage: Stage, level: str) -> Plant:
    """The cheapest ask is far below what the title keeps selling for, and no bid helps."""
    listing, deal = stage.pick(), draw_deal(stage, level)
    title, low = listing.title, deal.sell
    bid = share(deal.buy, stage.rng.randint(965, 985))
    offers = stage.offers(title, [deal.buy]) + stage.asks(title, share(low, 1060) + 2)
    sales = stage.genuine(title, low, share(low, 1040)) + stage.filled_bids(title, bid)
    stage.set(listing, offers, stage.bids(bid), sales)
    return _record(stage, listing, "patient", low)


def plant_doppler(stage: Stage) -> Plant:
    """A cheap Phase 2 judged against Phase 2 sales; Ruby bids and sales under the same title are far higher."""
    listing, deal, phase = stage.pick(has_phases), draw_deal(stage, "pro"), "phase-2"
    title, low, ruby = listing.title, deal.sell, deal.sell * RUBY_FACTOR
    offers = stage.offers(title, [deal.buy], phase) + stage.asks(title, share(low, 1060), 4, phase)
    offers += stage.asks(title, share(low, 1100), 2, "phase-1") + stage.asks(title, share(ruby, 1050), 2, "ruby")
    bids: list[Bid] = stage.bids(share(deal.buy, 970)) + stage.bids(share(ruby, 850), "ruby")
    sales = stage.genuine(title, low, share(low, 1040), 13, phase)
    sales += stage.genuine(title, share(ruby, 960), ruby, 4, "ruby")
    stage.set(listing, offers, bids, sales)
    return _record(stage, listing, "patient", low, phase)


PLANTERS = {"instant": plant_instant, "patient": plant_patient, "reduced": plant_reduced}


def plant_game(stage: Stage, count: int) -> list[Plant]:
    """`count` opportunities over all levels, and one Doppler more in CS2."""
    plants = [PLANTERS[kind](stage, level) for kind, level in islice(cycle(ORDER), count)]
    return [*plants, plant_doppler(stage)] if stage.game == "csgo" else plants


def repriced(market: GameMarket, plant: Plant, offer_id: str, price: int, now: datetime) -> Plant | None:
    """The plant after its offer moved to `price` cents, None when it no longer earns its level's return."""
    net = market.fees.proceeds(plant.title, plant.sell, now) - price
    band = band_of(price)
    if band is None or net * 10_000 < band.least_bps * price:
        return None
    return replace(plant, offer_id=offer_id, buy=price, net=net, level=band.key)
