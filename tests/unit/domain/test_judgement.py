"""One test for each gate and each kind of opportunity; the market's tricks are in test_judgement_traps."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.exits import ExitKind
from domain.fees import FeeSource
from domain.judgement import judge
from domain.opportunities import Evidence, Gate, Limits, Numbers, Opportunity, Rejection
from domain.quotes import Offer, SaleSide
from domain.variants import Variant
from tests.factories import (
    NOW,
    TITLE,
    a_bid,
    a_history,
    a_reduced_fee,
    a_sale,
    an_offer,
    some_evidence,
    some_fees,
    some_sales,
)

LIMITS = Limits()
PHASE_2, RUBY = Variant(phase="phase-2"), Variant(phase="ruby")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def accepted(evidence: Evidence) -> Opportunity:
    """The one opportunity of this evidence."""
    verdict = judge(evidence, NOW, LIMITS)
    assert verdict.rejection is None
    (opportunity,) = verdict.opportunities
    return opportunity


def refused(evidence: Evidence) -> Rejection:
    """The refusal of this evidence."""
    verdict = judge(evidence, NOW, LIMITS)
    assert verdict.opportunities == ()
    assert verdict.rejection is not None
    return verdict.rejection


INSTANT = some_evidence([an_offer(1000)], [a_bid(1200, amount=3)])
PATIENT = some_evidence([an_offer(650), an_offer(1000), an_offer(1050)], [a_bid(630)])


def test_an_instant_opportunity_carries_its_numbers() -> None:
    """The blueprint's vector against a live bid, one unit on offer."""
    found = accepted(INSTANT)

    assert (found.title, found.offer.price, found.level.key) == (TITLE, 1000, "medium")
    assert (found.exit.kind, found.exit.sell, found.exit.fee) == (ExitKind.INSTANT, 1200, 84)
    assert (found.exit.net, found.exit.return_bps, found.exit.fee_source) == (116, 1160, FeeSource.DEFAULT)
    assert found.instant is found.exit
    assert (found.capacity, found.cents_per_day, found.sales.independent) == (1, 116, 12)


def test_a_patient_opportunity_carries_its_numbers() -> None:
    """Twelve sales in 8.5 days, one rival at our price: two sales take 1.5 days, 280 cents take as long."""
    found = accepted(PATIENT)

    assert (found.exit.kind, found.exit.sell, found.exit.net) == (ExitKind.PATIENT, 1000, 280)
    assert (found.patient, found.level.key, found.capacity) == (found.exit, "standard", 1)
    assert (found.days_to_sell, found.cents_per_day) == (Decimal("1.5"), 186)
    assert found.instant is not None
    assert found.instant.net < 0


def test_the_instant_exit_is_named_where_both_earn_enough() -> None:
    """Money now before more money later; both are told."""
    found = accepted(some_evidence([an_offer(650)], [a_bid(800)]))

    assert (found.exit.kind, found.exit.net) == (ExitKind.INSTANT, 94)
    assert found.patient is not None
    assert found.patient.net == 280


def test_a_reduced_fee_may_make_the_opportunity() -> None:
    """A bid 8 % above the ask pays 5.8 % at 2 % and nothing at 7 %."""
    market = [an_offer(1000)], [a_bid(1080)]
    found = accepted(some_evidence(*market, fees=some_fees(700, a_reduced_fee(200))))

    assert (found.exit.net, found.exit.fee_bps, found.exit.fee_source) == (58, 200, FeeSource.REDUCED)
    assert refused(some_evidence(*market)).gate is Gate.BELOW_LEVEL


def test_an_unknown_fee_is_assumed_and_said() -> None:
    """The conservative 10 % and its source travel with the opportunity."""
    found = accepted(some_evidence([an_offer(1000)], [a_bid(1200)], fees=some_fees(None)))

    assert (found.exit.fee, found.exit.fee_source) == (120, FeeSource.ASSUMED)


def test_a_phase_is_judged_by_its_own_sales() -> None:
    """A cheap Phase 2 pays against Phase 2 sales; the Ruby sales beside them do not lift its price."""
    sales = [*some_sales([5000] * 12, variant=RUBY), *some_sales([1000] * 12, variant=PHASE_2)]
    found = accepted(some_evidence([an_offer(650, variant=PHASE_2), an_offer(5000, variant=RUBY)], sales=sales))

    assert (found.variant, found.exit.sell, found.exit.net) == (PHASE_2, 1000, 280)


def test_a_dearer_variant_is_found_behind_a_cheaper_one() -> None:
    """The cheapest offer of the title is a fair Phase 2; the opportunity is the Ruby."""
    sales = [*some_sales([1000] * 12, variant=PHASE_2), *some_sales([9000] * 12, variant=RUBY)]
    found = accepted(some_evidence([an_offer(1000, variant=PHASE_2), an_offer(6000, variant=RUBY)], sales=sales))

    assert (found.variant, found.exit.net, found.level.key) == (RUBY, 2370, "advanced")


def test_each_variant_may_be_an_opportunity() -> None:
    """Cheapest variant first."""
    sales = [*some_sales([1000] * 12, variant=PHASE_2), *some_sales([9000] * 12, variant=RUBY)]
    evidence = some_evidence([an_offer(6000, variant=RUBY), an_offer(650, variant=PHASE_2)], sales=sales)
    found = judge(evidence, NOW, LIMITS).opportunities

    assert [one.variant for one in found] == [PHASE_2, RUBY]


def test_the_refusal_of_the_cheapest_variant_is_told() -> None:
    """No sales of the cheaper Phase 2, a fair price for the Ruby."""
    offers = [an_offer(9000, variant=RUBY), an_offer(1000, variant=PHASE_2)]

    rejection = refused(some_evidence(offers, sales=some_sales([9000] * 12, variant=RUBY)))

    assert Rejection(Gate.FEW_SALES, {"sales": 0, "least": 3, "ask": 1000}) == rejection


def test_the_same_evidence_gives_the_same_verdict() -> None:
    """Whatever the order in which offers, bids and sales arrived."""
    evidence = some_evidence([an_offer(1000), an_offer(1010), an_offer(1020)], [a_bid(1200), a_bid(1190), a_bid(700)])
    shuffled = some_evidence(evidence.offers[::-1], evidence.bids[::-1], evidence.history.sales[::-1])

    assert judge(evidence, NOW, LIMITS) == judge(evidence, NOW, LIMITS) == judge(shuffled, NOW, LIMITS)
    assert accepted(evidence).capacity == 2


@pytest.mark.parametrize(
    ("late", "name", "age", "limit"),
    [
        (some_evidence(offers_at=NOW - 61 * SECOND), "offers", 61, 60),
        (some_evidence(bids_at=NOW - 90 * SECOND), "bids", 90, 60),
        (some_evidence(history=a_history(observed_at=NOW - 7 * HOUR)), "sales", 25_200, 21_600),
    ],
)
def test_a_stale_input_refuses(late: Evidence, name: str, age: int, limit: int) -> None:
    """The input, its age and its limit are named."""
    assert Rejection(Gate.STALE_INPUT, {"input": name, "age_seconds": age, "limit_seconds": limit}) == refused(late)


def test_inputs_may_be_exactly_as_old_as_their_limits() -> None:
    """A minute for live reads, six hours for sales."""
    at = NOW - timedelta(minutes=1)
    history = a_history(observed_at=NOW - 6 * HOUR)

    assert accepted(some_evidence([an_offer(650)], offers_at=at, bids_at=at, history=history)).exit.net == 280


@pytest.mark.parametrize(
    ("offers", "numbers"),
    [
        ([an_offer(650, locked=True), an_offer(660, locked=True)], {"offers": 2, "locked": 2}),
        ([an_offer(650, resellable=False)], {"offers": 1, "locked": 0}),
    ],
)
def test_without_a_buyable_offer_there_is_nothing(offers: list[Offer], numbers: Numbers) -> None:
    """Somebody is buying it, or the exchange would not list it again."""
    assert Rejection(Gate.NO_OFFER, numbers) == refused(some_evidence(offers, [a_bid(5000)]))


@pytest.mark.parametrize("price", [49, 100_001])
def test_a_price_outside_the_bands_refuses(price: int) -> None:
    """However clear the profit."""
    expected = Rejection(Gate.OUTSIDE_BANDS, {"ask": price, "lowest": 50, "highest": 100_000})

    assert expected == refused(some_evidence([an_offer(price)], [a_bid(10 * price)]))


def test_an_offer_below_the_bands_does_not_hide_the_next() -> None:
    """It is not bought, but it is ahead of ours when we sell."""
    sales = some_sales([1000] * 12)
    found = accepted(some_evidence([an_offer(45), an_offer(650)], sales=sales))

    assert found.offer.price == 650
    assert found.days_to_sell == Decimal("1.5")


def test_a_few_sales_are_no_evidence_even_for_a_live_bid() -> None:
    """Two comparable sales where three are needed."""
    evidence = some_evidence([an_offer(1000)], [a_bid(1200)], some_sales([1200] * 2))

    assert Rejection(Gate.FEW_SALES, {"sales": 2, "least": 3, "ask": 1000}) == refused(evidence)


def test_three_sales_are_enough_for_a_live_bid() -> None:
    """Filled bids count: they show that the item is really traded."""
    sales = [*some_sales([1200] * 2), a_sale(1150, side=SaleSide.TARGET)]

    assert accepted(some_evidence([an_offer(1000)], [a_bid(1200)], sales)).exit.net == 116


def test_an_item_below_its_level_is_refused_with_all_numbers() -> None:
    """Enough for /why to tell what was missing."""
    rejection = refused(some_evidence([an_offer(900)], [a_bid(880)]))

    assert rejection.gate is Gate.BELOW_LEVEL
    assert rejection.numbers == {
        "ask": 900,
        "level": "standard",
        "least_return_bps": 500,
        "instant_sell": 880,
        "instant_return_bps": -912,
        "patient_sell": 1000,
        "patient_return_bps": 333,
        "days_to_sell": "0.8",
        "patient_doubt": None,
    }


@pytest.mark.parametrize(("bid", "fits"), [(1130, True), (1129, False)])
def test_the_levels_return_is_reached_to_the_cent(bid: int, fits: bool) -> None:
    """5 % of 1000: 1130 nets 50 cents, 1129 nets 49."""
    verdict = judge(some_evidence([an_offer(1000)], [a_bid(bid)]), NOW, LIMITS)

    assert fits is bool(verdict.opportunities)


def test_a_doubtful_patient_exit_is_not_shown_beside_an_instant_one() -> None:
    """Four sales prove no price, the live bid needs none."""
    found = accepted(some_evidence([an_offer(1000)], [a_bid(1200)], some_sales([3000] * 4)))

    assert found.exit.kind is ExitKind.INSTANT
    assert found.patient is None


def test_an_opportunity_names_the_price_that_covers_it() -> None:
    """Buy at 1000, 7 % on the sale: 1076 is the lowest price that loses nothing."""
    evidence = some_evidence([an_offer(1000)], [a_bid(1200)], some_sales([1200] * 12))

    [found] = judge(evidence, NOW, Limits()).opportunities

    assert found.break_even == 1076
