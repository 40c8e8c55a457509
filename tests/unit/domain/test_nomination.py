from datetime import timedelta

import pytest

from domain.nomination import OPEN_FIRST, Known, Nomination, Reason, nominate
from domain.quotes import AggregatedPrice
from tests.factories import NOW, TITLE, a_reduced_fee, some_fees


def a_quote(bid: int | None, ask: int | None) -> AggregatedPrice:
    return AggregatedPrice(TITLE, bid, 5 if bid else 0, ask, 7 if ask else 0)


FEES = some_fees(700)
SALES_READ = Known(FEES, sales_price=1000, sales_known=True)


def test_a_bid_that_pays_nominates() -> None:
    """The score is the net gain in cents: the blueprint's vector."""
    assert Nomination(Reason.INSTANT, 116) == nominate(a_quote(1200, 1000), SALES_READ, NOW)


def test_known_sales_that_pay_nominate() -> None:
    """Sales at 1000 pay for an ask of 800 whatever the bid."""
    assert Nomination(Reason.PATIENT, 130) == nominate(a_quote(None, 800), SALES_READ, NOW)


def test_a_cent_below_the_levels_return_does_not_nominate() -> None:
    """At 1000 cents the level asks 5 %: a bid of 1130 pays 50 cents, one of 1129 pays 49."""
    assert Nomination(Reason.INSTANT, 50) == nominate(a_quote(1130, 1000), SALES_READ, NOW)
    assert nominate(a_quote(1129, 1000), SALES_READ, NOW) is None


def test_a_valid_reduced_fee_may_nominate() -> None:
    """A bid 8 % above the ask pays only at 2 %."""
    quote = a_quote(1080, 1000)
    reduced = Known(some_fees(700, a_reduced_fee(200)), sales_known=True)
    expired = Known(some_fees(700, a_reduced_fee(200, lasts=timedelta(0))), sales_known=True)

    assert Nomination(Reason.INSTANT, 58) == nominate(quote, reduced, NOW)
    assert nominate(quote, expired, NOW) is None


def test_an_open_opportunity_is_always_confirmed_first() -> None:
    """Even without an ask: it must be seen to have gone."""
    assert Nomination(Reason.OPEN, OPEN_FIRST) == nominate(a_quote(None, None), Known(FEES, open_opportunity=True), NOW)


@pytest.mark.parametrize(("bid", "nominated"), [(940, True), (939, False), (1010, True), (None, False)])
def test_a_tight_spread_nominates_where_sales_are_unknown(bid: int | None, nominated: bool) -> None:
    """An ask within 6 % of the bids may be far below the sales that nobody has read yet."""
    expected = Nomination(Reason.TIGHT_SPREAD, 0) if nominated else None

    assert expected == nominate(a_quote(bid, 1000), Known(FEES), NOW)


def test_a_tight_spread_says_nothing_once_sales_are_known() -> None:
    """Nothing is read twice for the same answer."""
    assert nominate(a_quote(990, 1000), SALES_READ, NOW) is None


@pytest.mark.parametrize("ask", [None, 49, 100_001])
def test_an_ask_outside_the_bands_is_not_nominated(ask: int | None) -> None:
    """However high the bid."""
    assert nominate(a_quote(500_000, ask), Known(FEES), NOW) is None


@pytest.mark.parametrize(("former", "score"), [(1112, 112), (1111, None), (None, None), (900, None)])
def test_an_ask_that_fell_by_a_tenth_nominates_where_sales_are_unknown(former: int | None, score: int | None) -> None:
    """Somebody undercut the former ask; how far it fell orders who is looked at first."""
    expected = Nomination(Reason.DROP, score) if score else None

    assert expected == nominate(a_quote(700, 1000), Known(FEES, former_ask=former), NOW)


def test_a_fall_says_nothing_once_sales_are_known() -> None:
    """They alone decide whether the new ask is cheap."""
    fallen = Known(FEES, sales_price=1000, sales_known=True, former_ask=2000)

    assert nominate(a_quote(700, 1000), fallen, NOW) is None
