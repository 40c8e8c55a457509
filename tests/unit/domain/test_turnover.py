from datetime import timedelta
from decimal import Decimal

from domain.liquidity import sales_evidence
from domain.quotes import SaleSide
from domain.turnover import turnover
from domain.variants import Variant
from tests.factories import NOW, a_burst, a_history, a_sale, an_offer, some_sales

DAY = timedelta(days=1)


def test_prices_are_quantiles_of_independent_sales() -> None:
    """Five sales: the second cheapest is the careful price, the third the median, the fourth the upper one."""
    (sold,) = turnover(a_history(some_sales([500, 100, 400, 200, 300])), NOW)

    assert (sold.careful, sold.middle, sold.upper) == (200, 300, 400)
    assert (sold.count, sold.independent) == (5, 5)


def test_it_agrees_with_what_a_deal_is_judged_by() -> None:
    """The card never promises another careful price or rate than the judgement uses."""
    history = a_history([*some_sales([900, 1000, 1100, 1200] * 4), *a_burst(3000)])

    (sold,) = turnover(history, NOW)

    evidence = sales_evidence(history, an_offer(), NOW)
    assert (sold.careful, sold.per_day, sold.independent) == (evidence.price, evidence.per_day, evidence.independent)
    assert sold.count == evidence.count == 26


def test_variants_are_told_apart_the_most_sold_first() -> None:
    """A Ruby says nothing of a Phase 2."""
    ruby, phase = Variant(phase="ruby"), Variant(phase="phase-2")
    history = a_history([*some_sales([9000] * 2, variant=ruby), *some_sales([1000] * 3, variant=phase)])

    sold = turnover(history, NOW)

    assert [(one.variant, one.count, one.middle) for one in sold] == [("Phase 2", 3, 1000), ("Ruby", 2, 9000)]


def test_filled_bids_count_but_set_no_price() -> None:
    """They prove that somebody trades it, not what a listing brings."""
    (sold,) = turnover(a_history(some_sales([1000] * 4, side=SaleSide.TARGET)), NOW)

    assert (sold.count, sold.independent, sold.per_day) == (4, 0, Decimal(0))
    assert (sold.careful, sold.middle, sold.upper) == (None, None, None)
    assert sold.last_at == NOW - timedelta(hours=6)


def test_old_sales_and_premium_floats_are_left_out() -> None:
    """Only 30 days count, and a float below 0.01 is another thing."""
    history = a_history([a_sale(1000, 31 * DAY), a_sale(5000, DAY, float_value="0.001", paint_seed=1)])

    assert turnover(history, NOW) == ()
