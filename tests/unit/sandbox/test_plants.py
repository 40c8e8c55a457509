"""Planted opportunities are true by the exchange's own numbers, with wide margins."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from sandbox.exchange.assets import has_phases
from sandbox.exchange.fees import FeeTable, proceeds
from sandbox.exchange.levels import BANDS, band_of
from sandbox.exchange.market import Book, Plant, Sale
from sandbox.exchange.plants import plant_instant, plant_patient, repriced
from sandbox.exchange.staging import Stage
from tests.unit.sandbox.markets import NOW, fresh_market, market, opened

PLANTS = market().plants


def book_of(plant: Plant) -> Book:
    return opened(market().games[plant.game], plant.title)[1]


def fees_of(plant: Plant) -> FeeTable:
    return market().games[plant.game].fees


def listed_sales(plant: Plant) -> list[Sale]:
    sales = book_of(plant).sales
    return [sale for sale in sales if sale.operation == "Offer" and sale.asset.phase == plant.variant]


def named(plant: Plant) -> str:
    return f"{plant.game}-{plant.exit}-{plant.level}"


@pytest.mark.parametrize("game", ["csgo", "dota2", "tf2", "rust"])
def test_each_game_has_plants_in_all_levels(game: str) -> None:
    """Both exits in every level, a reduced fee, and in CS2 a Doppler on top."""
    mine = [plant for plant in PLANTS if plant.game == game]

    assert {(exit_, level) for exit_ in ("instant", "patient") for level in BANDS} <= {(p.exit, p.level) for p in mine}
    assert len(mine) == (12 if game == "csgo" else 11)


@pytest.mark.parametrize("plant", PLANTS, ids=named)
def test_a_plant_earns_twice_its_level(plant: Plant) -> None:
    """Net after the fee valid now, and the truth's own number."""
    band = BANDS[plant.level]

    net = fees_of(plant).proceeds(plant.title, plant.sell, NOW) - plant.buy

    assert net == plant.net
    assert net * 10_000 >= 2 * band.least_bps * plant.buy
    assert band == band_of(plant.buy)


@pytest.mark.parametrize("plant", PLANTS, ids=named)
def test_a_plant_is_the_cheapest_live_offer_of_its_variant(plant: Plant) -> None:
    """It can be bought, and once it is gone the next one loses."""
    mine = [one for one in book_of(plant).offers if one.asset.phase == plant.variant and one.kind == "dmarket"]
    cheapest, following = sorted(mine, key=lambda offer: offer.price)[:2]

    assert (plant.offer_id, plant.buy, False) == (cheapest.offer_id, cheapest.price, cheapest.locked)
    assert fees_of(plant).proceeds(plant.title, plant.sell, NOW) < following.price


@pytest.mark.parametrize("plant", PLANTS, ids=named)
def test_a_plant_rests_on_many_genuine_sales(plant: Plant) -> None:
    """At least twelve listings sold over ten days, a few a day, the newest today, distinct assets."""
    sales = listed_sales(plant)
    per_day = Counter(sale.at.date() for sale in sales)

    assert len(sales) >= 12
    assert max(per_day.values()) <= 4
    assert NOW - max(sale.at for sale in sales) < timedelta(hours=12)
    assert timedelta(days=8) < NOW - min(sale.at for sale in sales) < timedelta(days=10)
    if plant.game == "csgo":
        assert len({sale.asset for sale in sales}) == len(sales)
    assert len(book_of(plant).sales) <= 20


@pytest.mark.parametrize("plant", [one for one in PLANTS if one.exit == "instant"], ids=named)
def test_an_instant_plant_sells_into_open_bids(plant: Plant) -> None:
    """Several unrestricted rows, the best at the exit price, and sales at it or higher."""
    bids = [bid for bid in book_of(plant).bids if bid.unrestricted]

    assert len(bids) >= 2
    assert plant.sell == max(bid.price for bid in bids if bid.amount >= 1)
    assert min(sale.price for sale in listed_sales(plant)) >= plant.sell


@pytest.mark.parametrize("plant", [one for one in PLANTS if one.exit == "patient"], ids=named)
def test_a_patient_plant_sells_at_what_others_got(plant: Plant) -> None:
    """Three quarters of the sales reach the exit price; the bid stays just below the ask."""
    prices = sorted(sale.price for sale in listed_sales(plant))
    bid = max(bid.price for bid in book_of(plant).bids if bid.unrestricted)

    assert plant.sell == prices[(len(prices) - 1) // 4]
    assert 1 <= (plant.buy - bid) * 100 // plant.buy <= 4


def test_a_reduced_fee_makes_the_difference() -> None:
    """At the default fee the same bid would not pay."""
    plants = [plant for plant in PLANTS if plant.title in fees_of(plant).reduced]

    assert {"csgo", "dota2", "tf2", "rust"} == {plant.game for plant in plants}
    for plant in plants:
        assert proceeds(plant.sell, fees_of(plant).default_bps) - plant.buy <= 0


def test_a_cheap_phase_is_planted_beside_dear_rubies() -> None:
    """Ruby bids and sales under the same title are several times higher."""
    plant = next(one for one in PLANTS if one.variant)
    book = book_of(plant)

    rubies = [sale.price for sale in book.sales if sale.asset.phase == "ruby"]
    assert (plant.game, plant.variant, has_phases(plant.title)) == ("csgo", "phase-2", True)
    assert min(rubies) > 3 * plant.sell
    assert max(book.bids, key=lambda bid: bid.price).phase == "ruby"


@pytest.mark.parametrize("plant", PLANTS, ids=named)
def test_an_aggregate_shows_why_to_look(plant: Plant) -> None:
    """Bid above the ask, or a spread no noise title has."""
    quote = market().games[plant.game].listings[plant.title].quote(include_p2p=False)

    assert quote.ask is not None
    assert quote.bid is not None
    assert quote.bid * 100 >= quote.ask * 95


@pytest.mark.parametrize("plant", PLANTS, ids=named)
def test_no_other_title_hides_a_plant(plant: Plant) -> None:
    """A search for its title finds only itself."""
    assert [plant.title] == list(market().games[plant.game].starting_with(plant.title))


@pytest.mark.parametrize("planter", [plant_instant, plant_patient])
@pytest.mark.parametrize("level", BANDS)
def test_a_plant_can_be_added_later(planter: Callable[[Stage, str], Plant], level: str) -> None:
    """On a title that held nothing so far."""
    fresh = fresh_market()
    held = {plant.title for plant in fresh.plants} | {trap.title for trap in fresh.traps}

    plant = planter(Stage(fresh.games["tf2"], Random(9), NOW), level)

    assert plant.level == level
    assert plant.title not in held


def test_an_exhausted_market_says_what_helps() -> None:
    """When every title holds something already."""
    fresh = fresh_market()
    for listing in fresh.games["rust"].listings.values():
        listing.still = True

    with pytest.raises(LookupError, match="rust has no title left to plant in: start the sandbox with more --titles"):
        plant_patient(Stage(fresh.games["rust"], Random(1), NOW), "boost")


def test_a_repriced_plant_lives_as_long_as_it_pays() -> None:
    """A cent more is still an opportunity, the exit price is not."""
    game, plant = market().games["rust"], next(one for one in PLANTS if one.game == "rust" and one.level == "medium")

    dearer = repriced(game, plant, "new", plant.buy + 1, NOW)

    assert dearer is not None
    assert ("new", plant.buy + 1, plant.net - 1) == (dearer.offer_id, dearer.buy, dearer.net)
    assert repriced(game, plant, "new", plant.sell, NOW) is None
