"""No noise title is ever an opportunity, at the start or after any time."""

from datetime import timedelta
from random import Random

import pytest

from sandbox.exchange.fees import REDUCED_FEE_BPS, proceeds
from sandbox.exchange.market import Book, GameMarket, Listing
from sandbox.exchange.ticker import tick
from tests.unit.sandbox.markets import NOW, fresh_market, market

GAMES = ("csgo", "dota2", "tf2", "rust")


def noise(game: GameMarket) -> list[tuple[Listing, Book]]:
    still = [listing for listing in game.listings.values() if not listing.still]
    return [(listing, game.book(listing, NOW)) for listing in still]


def assert_every_exit_loses(game: GameMarket) -> None:
    """Spread at least 12 %, asks at least 0.97 of any sale, and no gain even at a reduced fee."""
    for listing, book in noise(game):
        ask = min((offer.price for offer in book.offers), default=None)
        if ask is None:
            continue
        bid = max((row.price for row in book.bids), default=0)
        sold = max((sale.price for sale in book.sales), default=0)
        assert bid * 100 <= ask * 88, listing.title
        assert ask * 100 >= sold * 97, listing.title
        assert proceeds(max(bid, sold, 1), REDUCED_FEE_BPS) < ask, listing.title


@pytest.mark.parametrize("key", GAMES)
def test_no_exit_from_the_noise_pays(key: str) -> None:
    """Over all titles of a game."""
    assert_every_exit_loses(market().games[key])


@pytest.mark.parametrize("opened", [True, False])
def test_time_does_not_make_the_noise_pay(opened: bool) -> None:
    """After three hundred ticks, whether books were open while prices moved or opened afterwards."""
    busy, rng = fresh_market(), Random(1)
    if opened:
        for game in busy.games.values():
            noise(game)

    for second in range(300):
        tick(busy, rng, NOW + timedelta(seconds=second))

    for game in busy.games.values():
        assert_every_exit_loses(game)


@pytest.mark.parametrize("include_p2p", [True, False])
def test_opening_a_book_does_not_change_the_aggregate(include_p2p: bool) -> None:
    """The five numbers of a closed book are those of the open one."""
    fresh = fresh_market()

    for game in fresh.games.values():
        for listing in game.listings.values():
            before = listing.quote(include_p2p)
            game.book(listing, NOW)
            assert before == listing.quote(include_p2p), listing.title


def test_prices_are_spread_over_all_levels() -> None:
    """Heavy-tailed from cents to beyond the dearest level, most of them inside the bands."""
    prices = [listing.floor for listing, _ in noise(market().games["csgo"])]

    inside = [price for price in prices if 50 <= price <= 100_000]
    assert min(prices) < 50
    assert max(prices) > 50_000
    assert len(inside) > len(prices) // 2


def test_some_titles_lack_a_side() -> None:
    """Clients meet titles without offers and titles without bids."""
    quotes = [listing.quote(False) for listing, _ in noise(market().games["csgo"])]

    assert [quote for quote in quotes if quote.ask is None]
    assert [quote for quote in quotes if quote.bid is None]


def test_sales_are_of_the_last_thirty_days_newest_first() -> None:
    """In every book, however many there are."""
    for game in market().games.values():
        for listing, book in noise(game):
            dates = [sale.at for sale in book.sales]
            assert sorted(dates, reverse=True) == dates, listing.title
            assert all(NOW - timedelta(days=30) <= date <= NOW for date in dates), listing.title


def test_the_same_seed_makes_the_same_market() -> None:
    """Offer ids included."""
    first, second = fresh_market(3), fresh_market(3)

    assert first.plants == second.plants
    assert first.traps == second.traps
    for game, twin in zip(first.games.values(), second.games.values(), strict=True):
        title = game.order[0]
        assert game.book(game.listings[title], NOW) == twin.book(twin.listings[title], NOW)


def test_a_tick_moves_about_one_percent() -> None:
    """By a few percent each."""
    busy = fresh_market()
    before = {title: one.ask for game in busy.games.values() for title, one in game.listings.items()}

    moved = tick(busy, Random(1), NOW)

    after = {title: one.ask for game in busy.games.values() for title, one in game.listings.items()}
    changed = {title for title in before if before[title] != after[title]}
    assert 9 <= len(moved) <= 20
    assert changed <= set(moved)
    assert all(abs(after[title] - before[title]) * 100 <= before[title] * 5 for title in changed)


def test_planted_titles_never_move() -> None:
    """Their books are the same objects with the same prices after many ticks."""
    busy = fresh_market()
    listings = [one for game in busy.games.values() for one in game.listings.values() if one.still]
    before = [one.quote(True) for one in listings]

    for _ in range(100):
        tick(busy, Random(1), NOW)

    assert before == [one.quote(True) for one in listings]


def test_a_moved_offer_has_a_new_id() -> None:
    """As a reprice on the exchange does it."""
    busy = fresh_market()
    game = busy.games["rust"]
    for listing in game.listings.values():
        game.book(listing, NOW)
    ids = {offer.offer_id: offer.price for _, book in noise(game) for offer in book.offers}

    for _ in range(50):
        tick(busy, Random(1), NOW)

    offers = [offer for _, book in noise(game) for offer in book.offers]
    assert any(offer.offer_id not in ids for offer in offers)
    assert all(ids.get(offer.offer_id, offer.price) == offer.price for offer in offers)


def test_reduced_fees_are_future_rows_of_noise_titles() -> None:
    """Two percent within a price range that contains the title's price."""
    for game in market().games.values():
        for title, row in game.fees.reduced.items():
            if not game.listings[title].still:
                assert row.bps == 200
                assert row.min_price <= game.listings[title].ask <= row.max_price
                assert row.expires_at > NOW
