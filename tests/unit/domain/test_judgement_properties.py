"""What holds for any market: the money of an accepted opportunity adds up."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.exits import Exit
from domain.fees import ItemFees
from domain.judgement import judge
from domain.opportunities import Evidence, Limits, Opportunity
from domain.quotes import Bid, Offer
from domain.variants import PLAIN, Variant
from tests.factories import NOW, a_bid, a_reduced_fee, an_offer, some_evidence, some_fees, some_sales

PRICES = st.integers(40, 110_000)
VARIANTS = st.sampled_from([PLAIN, Variant(phase="ruby")])


@st.composite
def offer_lists(draw: st.DrawFn, around: int) -> list[Offer]:
    """One to six offers from half to one and a half of a price."""
    prices = draw(st.lists(st.integers(max(1, around // 2), around * 3 // 2), min_size=1, max_size=6))
    return [
        an_offer(price, offer_id=f"offer-{place}", locked=draw(st.booleans()), variant=draw(VARIANTS))
        for place, price in enumerate(prices)
    ]


@st.composite
def bid_lists(draw: st.DrawFn, around: int) -> list[Bid]:
    """Up to four bids from half to one and a half of a price, some for a Ruby only."""
    prices = draw(st.lists(st.integers(max(1, around // 2), around * 3 // 2), max_size=4))
    return [
        a_bid(price, draw(st.integers(0, 3)), **({"phase": "ruby"} if draw(st.booleans()) else {})) for price in prices
    ]


@st.composite
def fee_lists(draw: st.DrawFn) -> ItemFees:
    """Known or unknown defaults, with and without a reduced row that may end any day."""
    rows = [a_reduced_fee(draw(st.integers(0, 500)), lasts=timedelta(hours=draw(st.integers(-48, 480))))]
    default = draw(st.none() | st.integers(0, 1500))
    return some_fees(default, *(rows if draw(st.booleans()) else []), minimum=draw(st.integers(0, 20)))


@st.composite
def markets(draw: st.DrawFn) -> Evidence:
    """Any title around one price."""
    around = draw(PRICES)
    sales = [
        sale
        for variant in (PLAIN, Variant(phase="ruby"))
        for sale in some_sales(
            [around + place * around // 50 for place in range(draw(st.integers(0, 14)))], variant=variant
        )
    ]
    return some_evidence(
        draw(offer_lists(around)),
        draw(bid_lists(around)),
        sales,
        fees=draw(fee_lists()),
        offers_complete=draw(st.booleans()),
    )


def adds_up(exit_: Exit, buy: int) -> bool:
    """net = sell - fee - buy in whole cents, never above the gross difference."""
    whole = all(type(value) is int for value in (exit_.sell, exit_.fee, exit_.net, exit_.return_bps))
    return whole and exit_.net == exit_.sell - exit_.fee - buy and exit_.net <= exit_.sell - buy


def sound(found: Opportunity, evidence: Evidence) -> bool:
    """It can be bought, is in its level's band, and its exit exists and earns the level's return."""
    buy, exit_, level = found.offer.price, found.exit, found.level
    unrestricted = {bid.price for bid in evidence.bids if bid.unrestricted and bid.amount}
    ways_out = unrestricted | ({found.sales.price} if exit_ is found.patient else set())
    return (
        found.offer in evidence.offers
        and not found.offer.locked
        and level.low <= buy <= level.high
        and exit_.sell in ways_out
        and exit_.net * 10_000 >= level.min_return_bps * buy
        and 1 <= found.capacity <= len(evidence.offers)
    )


@settings(max_examples=150, deadline=None)
@given(markets())
def test_whatever_is_accepted_adds_up(evidence: Evidence) -> None:
    """Opportunities are sound with whole cents, and there is a refusal exactly when there are none."""
    verdict = judge(evidence, NOW, Limits())

    assert (verdict.rejection is None) == bool(verdict.opportunities)
    assert len({found.variant for found in verdict.opportunities}) == len(verdict.opportunities)
    for found in verdict.opportunities:
        assert sound(found, evidence)
        assert all(adds_up(exit_, found.offer.price) for exit_ in (found.instant, found.patient) if exit_)


@settings(max_examples=100, deadline=None)
@given(markets())
def test_a_verdict_depends_on_nothing_else(evidence: Evidence) -> None:
    """The same evidence and time give the same verdict."""
    assert judge(evidence, NOW, Limits()) == judge(evidence, NOW, Limits())
