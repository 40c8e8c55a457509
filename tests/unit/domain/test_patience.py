"""When a price that comparable items were sold for is a way out, seen through the decision."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.fees import FeeSource
from domain.judgement import judge
from domain.opportunities import Evidence, Gate, Limits, Opportunity
from domain.quotes import Sale, SaleSide
from domain.variants import Variant
from tests.factories import NOW, a_history, a_reduced_fee, a_sale, an_offer, some_evidence, some_fees, some_sales

RUBY = Variant(phase="ruby")
HOUR = timedelta(hours=1)


def accepted(evidence: Evidence) -> Opportunity:
    """The one opportunity of this evidence."""
    (opportunity,) = judge(evidence, NOW, Limits()).opportunities
    return opportunity


def doubt_of(evidence: Evidence) -> int | str | None:
    """Why the patient exit of an item that is refused was not believed."""
    rejection = judge(evidence, NOW, Limits()).rejection
    assert rejection is not None
    assert rejection.gate is Gate.BELOW_LEVEL
    return rejection.numbers["patient_doubt"]


def test_a_reduced_fee_must_last_until_the_patient_sale() -> None:
    """Expected to sell in 0.8 days: a row that ends sooner does not lower the fee of that sale."""

    def evidence(lasts: timedelta) -> Evidence:
        return some_evidence([an_offer(920)], fees=some_fees(700, a_reduced_fee(200, lasts=lasts)))

    ended = judge(evidence(timedelta(hours=12)), NOW, Limits()).rejection

    assert accepted(evidence(timedelta(days=1))).exit.fee_source is FeeSource.REDUCED
    assert ended is not None
    assert ended.numbers["patient_return_bps"] == 108


@pytest.mark.parametrize(
    ("sales", "doubt"),
    [
        (some_sales([1000] * 12, side=SaleSide.TARGET), "no sale of a listing"),
        (some_sales([1000] * 4), "too few independent sales"),
        (some_sales([1000] * 12, newest=timedelta(days=10, hours=1)), "last sale too long ago"),
        (some_sales([1000] * 6, apart=2 * HOUR), "sales history too short"),
    ],
)
def test_weak_sales_do_not_prove_a_patient_exit(sales: tuple[Sale, ...], doubt: str) -> None:
    """An ask at 0.65 of the sales price is no opportunity while the sales are doubtful."""
    assert doubt == doubt_of(some_evidence([an_offer(650)], sales=sales))


def test_a_filled_bid_does_not_lengthen_or_freshen_the_history_of_listings() -> None:
    """Five listings sold within ten hours after weeks without: one filled bid long ago is no span."""
    pumped = [
        *some_sales([1000] * 5, newest=HOUR, apart=2 * HOUR),
        a_sale(500, timedelta(days=9), side=SaleSide.TARGET),
    ]
    dead = [*some_sales([1000] * 8, newest=timedelta(days=12)), a_sale(500, HOUR, side=SaleSide.TARGET)]

    assert doubt_of(some_evidence([an_offer(650)], sales=pumped)) == "sales history too short"
    assert doubt_of(some_evidence([an_offer(650)], sales=dead)) == "last sale too long ago"


def test_a_short_span_is_no_doubt_where_older_sales_exist() -> None:
    """What sells many times a day fills its pages within hours."""
    history = a_history(some_sales([1000] * 6, apart=2 * HOUR), complete=False)

    assert accepted(some_evidence([an_offer(650)], history=history)).exit.net == 280


def test_thirty_days_are_not_too_long() -> None:
    """Five sales in the last five days and 29 rivals: the thirtieth sale is on the thirtieth day."""
    sales = some_sales([1000] * 5, newest=timedelta(days=1), apart=timedelta(days=1))
    rivals = [an_offer(1000, offer_id=f"rival-{number}") for number in range(29)]
    found = accepted(some_evidence([an_offer(650), *rivals], sales=sales))

    assert (found.days_to_sell, found.cents_per_day) == (Decimal(30), 9)


def test_money_is_bound_for_a_day_at_least() -> None:
    """A sale expected within 0.8 days earns its net in one day, not more."""
    found = accepted(some_evidence([an_offer(650)]))

    assert (found.days_to_sell, found.cents_per_day) == (Decimal("0.8"), 280)


def test_a_long_queue_is_no_exit() -> None:
    """Twelve sales in 8.5 days and 43 offers at or below our price: 44 sales take more than 30 days."""

    def evidence(rivals: int) -> Evidence:
        return some_evidence([an_offer(650), *(an_offer(1000, offer_id=f"rival-{n}") for n in range(rivals))])

    assert doubt_of(evidence(43)) == "sells too slowly"
    assert accepted(evidence(41)).days_to_sell == Decimal("29.8")


def test_other_variants_and_dearer_offers_are_not_in_the_queue() -> None:
    """Only what a buyer would take before ours."""
    others = [an_offer(700, variant=RUBY), an_offer(1001)]

    assert accepted(some_evidence([an_offer(650), *others])).days_to_sell == Decimal("0.8")


def test_an_unread_queue_is_no_exit() -> None:
    """The page was full and its dearest offer is not above our price: nobody knows how many are ahead."""
    offers = [an_offer(650), an_offer(1000)]
    known = some_evidence([*offers, an_offer(1001)], offers_complete=False)

    assert doubt_of(some_evidence(offers, offers_complete=False)) == "more offers ahead than were read"
    assert accepted(known).exit.net == 280
