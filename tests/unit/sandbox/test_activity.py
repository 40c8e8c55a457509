"""Skewed markets and the short-lived deals in them."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from sandbox.exchange.activity import draw
from sandbox.exchange.exchange import build_market
from sandbox.exchange.fees import proceeds
from sandbox.exchange.flashes import flash
from sandbox.exchange.levels import BANDS
from sandbox.exchange.market import GameMarket, Plant
from sandbox.exchange.options import Options
from sandbox.exchange.staging import Stage
from sandbox.exchange.ticker import tick
from tests.unit.sandbox.markets import NOW, SMALL, market, opened


def skewed(seed: int = 7) -> GameMarket:
    return build_market(Options(seed=seed, titles=SMALL, skewed=True), NOW).games["csgo"]


@cache
def shared() -> GameMarket:
    return skewed()


def activities(game: GameMarket) -> list[int]:
    return sorted((game.listings[title].activity or 0 for title in game.order), reverse=True)


def test_a_few_titles_have_most_of_the_activity() -> None:
    """As in a real market: one title in twenty has more than half."""
    found = activities(shared())

    assert sum(found[: len(found) // 20]) > sum(found) / 2
    assert found == activities(skewed())


def test_a_market_that_is_not_skewed_stays_as_it_was() -> None:
    """Same seed, same titles and prices; only counts follow the activity."""
    plain, lively = market().games["csgo"], shared()
    kept = [title for title in plain.order[:900] if not plain.listings[title].still]

    assert {plain.listings[title].activity for title in kept} == {None}
    assert [plain.listings[title].floor for title in kept] == [lively.listings[title].floor for title in kept]


def test_lively_titles_have_deep_books_and_many_sales() -> None:
    """Offers, bids and sales all follow, loosely."""
    game = shared()
    ranked = sorted(
        (one for one in game.listings.values() if one.asks and one.bids and not one.still),
        key=lambda one: one.activity or 0,
    )
    quiet, lively = ([opened(game, one.title)[1] for one in part] for part in (ranked[:100], ranked[-100:]))

    for count in (lambda book: len(book.offers), lambda book: len(book.sales), lambda book: len(book.bids)):
        assert sum(map(count, lively)) > 2 * sum(map(count, quiet))


def test_the_clock_moves_lively_titles_more_often() -> None:
    """Price changes are as unevenly spread as sales."""
    built = build_market(Options(titles=SMALL, skewed=True), NOW)
    moves = Counter(title for second in range(200) for title in tick(built, Random(second), NOW))
    game = built.games["csgo"]
    ranked = sorted(game.order, key=lambda title: game.listings[title].activity or 0)

    assert sum(moves[title] for title in ranked[-90:]) > 10 * sum(moves[title] for title in ranked[:450])


def test_titles_are_drawn_alike_where_none_is_livelier() -> None:
    """And never twice at once."""
    assert len(set(draw(market().games["rust"], Random(1), 50))) == 50


@pytest.mark.parametrize("seed", range(5))
def test_a_flash_pays_twice_its_level_at_the_best_bid(seed: int) -> None:
    """It is the cheapest offer, the aggregate shows it, and the title stands still as long as it lives."""
    game = skewed()
    plant = flash(Stage(game, Random(seed), NOW))

    listing, book = opened(game, plant.title)
    bid = max(row.price for row in book.bids if row.unrestricted)
    net = proceeds(bid, game.fees.bps(plant.title, bid, NOW)) - plant.buy
    assert (plant.sell, plant.net, plant.passing, listing.still) == (bid, net, True, True)
    assert net * 10_000 >= 2 * BANDS[plant.level].least_bps * plant.buy
    assert BANDS[plant.level].low <= plant.buy < BANDS[plant.level].high
    assert listing.quote(include_p2p=False).ask == plant.buy == min(offer.price for offer in book.offers)


def test_flashes_come_where_the_activity_is() -> None:
    """More than half of them on one title in twenty."""
    game = skewed()
    lively = set(sorted(game.order, key=lambda title: game.listings[title].activity or 0)[-len(game.order) // 20 :])
    rng = Random(5)
    found = [passing(game, flash(Stage(game, rng, NOW))) for _ in range(60)]

    assert sum(title in lively for title in found) > 30


def passing(game: GameMarket, plant: Plant) -> str:
    """The title of a deal, which is gone again."""
    listing, book = opened(game, plant.title)
    book.offers.pop(0)
    listing.still = False
    return plant.title


def test_a_flash_without_a_fitting_title_says_so() -> None:
    """Every title holds something already."""
    game = skewed()
    for listing in game.listings.values():
        listing.still = True

    with pytest.raises(LookupError, match="--titles"):
        flash(Stage(game, Random(1), NOW))
