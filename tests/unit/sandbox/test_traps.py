"""Each trap has the one property that defines it, and pays nobody who checks."""

from collections import Counter
from datetime import timedelta

import pytest

from sandbox.exchange.assets import has_phases
from sandbox.exchange.fees import proceeds
from sandbox.exchange.levels import band_of
from sandbox.exchange.market import Book, GameMarket, Listing, Offer, Trap
from sandbox.exchange.traps import ANY_GAME, CSGO_ONLY
from tests.unit.sandbox.markets import NOW, market, opened

TRAPS = market().traps


def of_kind(kind: str) -> list[Trap]:
    return [trap for trap in TRAPS if trap.kind == kind]


def parts(trap: Trap) -> tuple[GameMarket, Listing, Book]:
    game = market().games[trap.game]
    return (game, *opened(game, trap.title))


def buyable(book: Book) -> list[Offer]:
    return [offer for offer in book.offers if offer.kind == "dmarket" and not offer.locked]


def honest_nets(trap: Trap) -> tuple[int, int]:
    """Net of the cheapest buyable offer through the best open bid, and at the low quantile of its phase's sales."""
    game, _, book = parts(trap)
    offer = min(buyable(book), key=lambda one: one.price)
    bid = max((row.price for row in book.bids if row.unrestricted), default=1)
    thinned = {sale.asset if sale.asset.float_value else sale.price: sale for sale in book.sales}
    prices = sorted(sale.price for sale in thinned.values() if sale.asset.phase == offer.asset.phase)
    sold = prices[(len(prices) - 1) // 4] if prices else 1
    instant, patient = (game.fees.proceeds(trap.title, price, NOW) - offer.price for price in (bid, sold))
    return instant, patient


def named(trap: Trap) -> str:
    return f"{trap.game}-{trap.kind}"


def test_every_game_has_every_kind_that_applies() -> None:
    """Ten kinds anywhere, three more in CS2, one title each."""
    kinds = {game: {trap.kind for trap in TRAPS if trap.game == game} for game in market().games}

    anywhere, cs2 = {kind for kind, _ in ANY_GAME}, {kind for kind, _ in CSGO_ONLY}
    assert {"csgo": anywhere | cs2, "dota2": anywhere, "tf2": anywhere, "rust": anywhere} == kinds
    held = [(trap.game, trap.title) for trap in TRAPS]
    held += [(plant.game, plant.title) for plant in market().plants]
    assert len(held) == len(set(held))


@pytest.mark.parametrize("trap", [one for one in TRAPS if one.kind not in ("no_sales", "outside_bands")], ids=named)
def test_a_checked_trap_pays_nothing(trap: Trap) -> None:
    """Live offers, open bids, comparable sales and the valid fee leave no gain."""
    assert max(honest_nets(trap)) <= 0


@pytest.mark.parametrize("trap", [one for one in TRAPS if one.kind != "outside_bands"], ids=named)
def test_a_trap_is_offered_inside_the_bands(trap: Trap) -> None:
    """So that no price filter saves the careless."""
    _, listing, _ = parts(trap)
    ask = listing.quote(include_p2p=True).ask

    assert ask is not None
    assert band_of(ask) is not None


@pytest.mark.parametrize("kind", ["stale_aggregate", "prefix_twin"])
def test_a_stale_aggregate_differs_from_the_live_book(kind: str) -> None:
    """It shows a cheap ask under a high bid; neither exists."""
    for trap in of_kind(kind):
        _, listing, book = parts(trap)
        quote = listing.quote(include_p2p=False)

        assert quote.ask is not None
        assert quote.bid is not None
        assert quote.ask < quote.bid
        assert quote.ask < min(offer.price for offer in book.offers)
        assert quote.bid > max(bid.price for bid in book.bids)


def test_a_p2p_ask_is_cheap_only_when_p2p_is_included() -> None:
    """The bot offers are at the usual price."""
    for trap in of_kind("p2p_only_ask"):
        _, listing, _ = parts(trap)
        everything, ours = listing.quote(include_p2p=True), listing.quote(include_p2p=False)

        assert everything.ask is not None
        assert ours.ask is not None
        assert everything.ask * 100 < ours.ask * 70
        assert everything.asks == ours.asks + 1


def test_doppler_money_is_for_rubies_only() -> None:
    """High bids ask for a Ruby, high sales were Rubies, the cheap offer is none."""
    for trap in of_kind("doppler_phases"):
        _, _, book = parts(trap)
        cheap = min(book.offers, key=lambda offer: offer.price)

        assert has_phases(trap.title)
        assert cheap.asset.phase == "phase-1"
        assert {"ruby"} == {bid.phase for bid in book.bids if bid.price > cheap.price}
        assert {"ruby"} == {sale.asset.phase for sale in book.sales if sale.price > cheap.price}


def test_a_restricted_bid_wants_what_no_offer_has() -> None:
    """High rows ask for a pattern or float; the open ones are low."""
    for trap in of_kind("attribute_restricted_bid"):
        _, _, book = parts(trap)
        ask = min(offer.price for offer in book.offers)
        high = [bid for bid in book.bids if bid.price > ask]

        assert high
        assert not [bid for bid in high if bid.unrestricted]
        assert not {bid.paint_seed for bid in high} & {str(offer.asset.paint_seed) for offer in book.offers}


def test_one_high_sale_stands_alone() -> None:
    """The newest, at three times the price; the others agree with the ask."""
    for trap in of_kind("lone_high_sale"):
        _, _, book = parts(trap)
        ask = min(offer.price for offer in book.offers)

        assert book.sales[0].price == 3 * ask
        assert max(sale.price for sale in book.sales[1:]) <= ask


def test_wash_sales_are_one_item_in_a_burst() -> None:
    """Ten or more within half an hour at twice the price; the genuine ones are few and older."""
    for trap in of_kind("wash_sales"):
        _, _, book = parts(trap)
        ask = min(offer.price for offer in book.offers)
        high = [sale for sale in book.sales if sale.price > ask]

        assert len(high) >= 10
        assert {2 * ask} == {sale.price for sale in high}
        assert len({sale.asset for sale in high}) == 1
        assert high[0].at - high[-1].at <= timedelta(minutes=30)
        assert 0 < len(book.sales) - len(high) <= 5


def test_a_fee_eats_the_profit() -> None:
    """The bid is above the ask before the fee and below it after."""
    for trap in of_kind("fee_eats_profit"):
        game, _, book = parts(trap)
        ask, bid = min(offer.price for offer in book.offers), max(row.price for row in book.bids)

        assert bid > ask
        assert game.fees.proceeds(trap.title, bid, NOW) < ask


def test_a_minimum_fee_takes_the_last_cent() -> None:
    """Zero percent is not nothing."""
    for trap in of_kind("minimum_fee"):
        game, _, book = parts(trap)
        ask, bid = min(offer.price for offer in book.offers), max(row.price for row in book.bids)

        assert game.fees.bps(trap.title, bid, NOW) == 0
        assert ask + 1 == bid
        assert game.fees.proceeds(trap.title, bid, NOW) == ask


def test_an_expired_row_would_have_paid() -> None:
    """At its two percent, not at what is charged now."""
    for trap in of_kind("expired_reduced_fee"):
        game, _, book = parts(trap)
        ask, bid = min(offer.price for offer in book.offers), max(row.price for row in book.bids)

        assert game.fees.reduced[trap.title].expires_at < NOW
        assert proceeds(bid, 200) * 100 > ask * 101
        assert game.fees.proceeds(trap.title, bid, NOW) < ask


def test_the_only_cheap_offer_is_locked() -> None:
    """The bid is above it and below all others."""
    for trap in of_kind("locked_offer"):
        _, _, book = parts(trap)
        cheap, bid = min(book.offers, key=lambda offer: offer.price), max(row.price for row in book.bids)

        assert cheap.locked
        assert cheap.price < bid < min(offer.price for offer in buyable(book))


def test_a_twin_has_the_cheap_offers() -> None:
    """A prefix search for the title finds cheaper offers that belong to a longer one."""
    for trap in of_kind("prefix_twin"):
        game, _, book = parts(trap)
        others = [title for title in game.starting_with(trap.title) if title != trap.title]
        cheapest = min(offer.price for title in others for offer in opened(game, title)[1].offers)

        assert cheapest < min(offer.price for offer in book.offers)


def test_without_sales_a_spread_proves_nothing() -> None:
    """The numbers are fine, the history is empty."""
    for trap in of_kind("no_sales"):
        _, _, book = parts(trap)

        assert honest_nets(trap)[0] > 0
        assert book.sales == []


def test_outside_the_bands_a_profit_belongs_to_no_level() -> None:
    """One below the cheapest and one above the dearest, both clear gains."""
    for trap in of_kind("outside_bands"):
        _, _, book = parts(trap)

        assert min(honest_nets(trap)) > 0
        assert band_of(min(offer.price for offer in book.offers)) is None
    assert {2} == set(Counter(trap.game for trap in of_kind("outside_bands")).values())
