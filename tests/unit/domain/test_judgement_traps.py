"""What looks like profit to a naive tool: every trap is refused, and by the gate that sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.judgement import judge
from domain.opportunities import Evidence, Gate, Limits, Rejection
from domain.quotes import Sale
from domain.variants import Variant
from tests.factories import (
    NOW,
    a_bid,
    a_burst,
    a_reduced_fee,
    a_sale,
    an_offer,
    some_evidence,
    some_fees,
    some_sales,
)

PHASE_2, RUBY = Variant(phase="phase-2"), Variant(phase="ruby")


def refused(evidence: Evidence) -> Rejection:
    """The refusal of this evidence."""
    verdict = judge(evidence, NOW, Limits())
    assert verdict.opportunities == ()
    assert verdict.rejection is not None
    return verdict.rejection


def stale_aggregate() -> Evidence:
    """The aggregate promised an ask of 650 and a bid of 1200; live there is neither."""
    return some_evidence([an_offer(1000)], [a_bid(850)])


def p2p_only_ask() -> Evidence:
    """The cheap ask was a P2P offer, which the live read of buyable offers does not hold."""
    return some_evidence([an_offer(1010), an_offer(1020)], [a_bid(700)])


def attribute_restricted_bid() -> Evidence:
    """The high bid wants one float and one pattern."""
    return some_evidence([an_offer(1000)], [a_bid(1500, floatPartValue="FT-0"), a_bid(1500, paintSeed="7"), a_bid(850)])


def lone_high_sale() -> Evidence:
    """One sale at three times the price among genuine ones."""
    return some_evidence([an_offer(1000)], [a_bid(980)], [a_sale(3000, timedelta(hours=1)), *some_sales([1000] * 6)])


def fee_eats_profit() -> Evidence:
    """The bid is 4 % above the ask and the fee 7 %."""
    return some_evidence([an_offer(1000)], [a_bid(1040)], some_sales([1040] * 12))


def minimum_fee() -> Evidence:
    """No fraction at all, but the least fee takes the one cent that there was."""
    return some_evidence([an_offer(60)], [a_bid(61)], some_sales([61] * 12), fees=some_fees(700, a_reduced_fee(0)))


def expired_reduced_fee() -> Evidence:
    """6 % more is a profit at 2 %, but that row has ended."""
    fees = some_fees(700, a_reduced_fee(200, lasts=timedelta(hours=-1)))
    return some_evidence([an_offer(990)], [a_bid(1060)], some_sales([1060] * 12), fees=fees)


def locked_offer() -> Evidence:
    """Somebody is buying the only cheap one."""
    return some_evidence([an_offer(650, locked=True), an_offer(1000)], [a_bid(980)])


def overstocked_offer() -> Evidence:
    """The cheap one cannot be listed again."""
    return some_evidence([an_offer(650, resellable=False), an_offer(1000)], [a_bid(980)])


def prefix_twin() -> Evidence:
    """The cheap offers belonged to a longer title; the title's own are dear."""
    return some_evidence([an_offer(1100)], [a_bid(640)])


def falling_market() -> Evidence:
    """The ask is below last week's sales and not below today's."""
    return some_evidence([an_offer(800)], [a_bid(780)], some_sales([800] * 5 + [1200] * 15))


def crowded_crash() -> Evidence:
    """Everybody sells at two thirds of what the item was sold for."""
    offers = [an_offer(650, offer_id=f"seller-{number}") for number in range(100)]
    return some_evidence(offers, [a_bid(630)], offers_complete=False)


@pytest.mark.parametrize(
    "trap",
    [
        stale_aggregate,
        p2p_only_ask,
        attribute_restricted_bid,
        lone_high_sale,
        fee_eats_profit,
        minimum_fee,
        expired_reduced_fee,
        locked_offer,
        overstocked_offer,
        prefix_twin,
        falling_market,
        crowded_crash,
    ],
)
def test_a_trap_does_not_earn_its_level(trap: Callable[[], Evidence]) -> None:
    """Live numbers after fees are below the level's least return."""
    assert refused(trap()).gate is Gate.BELOW_LEVEL


@pytest.mark.parametrize("side", [timedelta(hours=1), timedelta(days=6)], ids=["new", "old"])
@pytest.mark.parametrize("genuine", [2, 4, 7])
def test_wash_sales_do_not_make_a_patient_exit(genuine: int, side: timedelta) -> None:
    """A burst at twice the price beside a few genuine sales, whenever it was staged."""
    sales = [*a_burst(2000, ago=side), *some_sales([1000] * genuine, newest=timedelta(days=2))]

    assert refused(some_evidence([an_offer(1000)], [a_bid(850)], sales)).gate is Gate.BELOW_LEVEL


def test_a_wash_burst_without_attributes_is_seen_by_its_hour() -> None:
    """Other games' items carry no float or pattern."""
    burst = [a_sale(2000, timedelta(hours=2, minutes=3 * number)) for number in range(10)]
    sales: list[Sale] = [*burst, *some_sales([1000] * 4)]

    rejection = refused(some_evidence([an_offer(1000)], [a_bid(850)], sales))

    assert (rejection.gate, rejection.numbers["patient_sell"]) == (Gate.BELOW_LEVEL, 1000)


def test_a_dopplers_other_phases_prove_nothing() -> None:
    """High bids and sales are for the Ruby; of the Phase 2 on offer nothing is known."""
    evidence = some_evidence(
        [an_offer(1000, variant=PHASE_2)], [a_bid(4000, phase="ruby")], some_sales([5000] * 12, variant=RUBY)
    )

    assert Rejection(Gate.FEW_SALES, {"sales": 0, "least": 3, "ask": 1000}) == refused(evidence)


def test_an_item_that_nobody_ever_bought_is_refused() -> None:
    """A cheap ask and a high live bid without one sale are bait."""
    assert refused(some_evidence([an_offer(1000)], [a_bid(2000, amount=9)], [])).gate is Gate.FEW_SALES


@pytest.mark.parametrize("price", [30, 150_000])
def test_a_profit_outside_the_bands_is_refused(price: int) -> None:
    """Twice the price on a live bid, at $0.30 and at $1500."""
    assert refused(some_evidence([an_offer(price)], [a_bid(2 * price)])).gate is Gate.OUTSIDE_BANDS


def test_a_locked_offer_alone_is_no_offer() -> None:
    """Nothing is left to buy."""
    assert refused(some_evidence([an_offer(650, locked=True)], [a_bid(980)])).gate is Gate.NO_OFFER
