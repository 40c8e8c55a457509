from decimal import Decimal

import pytest

from domain.exits import (
    Exit,
    ExitKind,
    days_to_sell,
    instant_capacity,
    patient_capacity,
    price_exit,
    reachable_bids,
)
from domain.fees import FeeRate, FeeSource
from domain.quotes import Bid
from tests.factories import a_bid, an_offer

SEVEN = FeeRate(700, minimum=1, source=FeeSource.DEFAULT)


def seven_percent(_price: int) -> FeeRate:
    return SEVEN


def test_the_blueprints_vector() -> None:
    """Buy 1000, sell 1200 at 7 %: 116 net, 11.6 %."""
    exit_ = price_exit(ExitKind.INSTANT, 1000, 1200, SEVEN)

    assert exit_ == Exit(ExitKind.INSTANT, 1200, 84, 700, FeeSource.DEFAULT, net=116, return_bps=1160)


def test_a_loss_is_stated_as_a_loss() -> None:
    """Selling at the purchase price costs the fee, and its return is rounded away from zero."""
    exit_ = price_exit(ExitKind.PATIENT, 999, 999, SEVEN)

    assert (exit_.net, exit_.return_bps) == (-70, -701)


@pytest.mark.parametrize(
    "restricted", [a_bid(5000, phase="ruby"), a_bid(5000, floatPartValue="FN-0"), a_bid(5000, paintSeed="661")]
)
def test_a_restricted_bid_is_never_an_exit(restricted: Bid) -> None:
    """However high: it buys one phase, float or pattern only."""
    low = a_bid(900)

    assert [low] == reachable_bids([restricted, low])


def test_reachable_bids_come_best_first_and_hold_units() -> None:
    """A row whose units are gone is no bid."""
    bids = [a_bid(900), a_bid(1100), a_bid(2000, amount=0), a_bid(1000)]

    assert [bid.price for bid in reachable_bids(bids)] == [1100, 1000, 900]


def test_capacity_pairs_the_cheapest_offer_with_the_best_bid() -> None:
    """1000 into 1200 (11.6 %), 1010 into 1200 (10.4 %), 1020 into 1100 loses much of it (0.2 %)."""
    offers = [an_offer(1020), an_offer(1000), an_offer(1010)]
    bids = [a_bid(1100, amount=5), a_bid(1200, amount=2)]

    assert instant_capacity(offers, bids, seven_percent, 500) == 2
    assert instant_capacity(offers, bids, seven_percent, 20) == 3
    assert instant_capacity(offers, bids, seven_percent, 1100) == 1


def test_capacity_ends_with_the_offers_or_the_bids() -> None:
    """A bid for a million units does not make more offers, nor the other way."""
    offers = [an_offer(1000, offer_id=str(number)) for number in range(3)]

    assert instant_capacity(offers, [a_bid(1200, amount=1_000_000)], seven_percent, 500) == 3
    assert instant_capacity(offers, [a_bid(1200, amount=2)], seven_percent, 500) == 2
    assert instant_capacity(offers, [a_bid(1200, phase="ruby")], seven_percent, 500) == 0


def test_patient_capacity_counts_offers_that_still_pay_at_the_exits_price() -> None:
    """Proceeds 1116: 5 % is earned up to a purchase of 1062 cents."""
    exit_ = price_exit(ExitKind.PATIENT, 1000, 1200, SEVEN)

    assert patient_capacity([an_offer(1000), an_offer(1062), an_offer(1063)], exit_, 500) == 2


@pytest.mark.parametrize(
    ("ahead", "per_day", "days"),
    [(0, "2", "0.5"), (5, "2", "3.0"), (0, "3", "0.4"), (0, "100", "0.1"), (0, "0.0333", "30.1")],
)
def test_days_to_sell_are_rounded_up(ahead: int, per_day: str, days: str) -> None:
    """Our listing is one more behind those ahead; a tenth begun is a tenth spent."""
    assert Decimal(days) == days_to_sell(ahead, Decimal(per_day))


def test_what_never_sells_has_no_days() -> None:
    """No rate, no expectation."""
    assert days_to_sell(0, Decimal(0)) is None
