"""How often a title sells and for how much: what a person wants to know before buying, variant by variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.liquidity import comparable, independent_sales, sales_evidence
from domain.money import Cents
from domain.quotes import Offer, Sale, SalesHistory, SaleSide


@dataclass(frozen=True, slots=True)
class Turnover:
    """The last 30 days (domain.liquidity.WINDOW) of one variant, "" for plain items.

    `count` is every comparable sale, `independent` and `per_day` those of listings after thinning, `careful` the
    price that an opportunity would be judged by, `middle` and `upper` the median and the 75 % quantile of the
    independent ones, in cents; None where there are none. `last_at` is the newest sale of any kind.
    """

    variant: str
    count: int
    independent: int
    per_day: Decimal
    last_at: datetime
    careful: Cents | None
    middle: Cents | None
    upper: Cents | None


def turnover(history: SalesHistory, now: datetime) -> tuple[Turnover, ...]:
    """What was sold of each variant, the most sold first; premium floats, which are priced apart, left out."""
    variants = {sale.variant for sale in history.sales}
    offers = (Offer("", "", 0, variant=variant) for variant in variants)
    sold = [one for offer in offers if (one := _of_variant(history, offer, now))]
    return tuple(sorted(sold, key=lambda one: (-one.count, one.variant)))


def _of_variant(history: SalesHistory, offer: Offer, now: datetime) -> Turnover | None:
    sales = comparable(history.sales, offer.variant, None, now)
    if not sales:
        return None
    evidence = sales_evidence(history, offer, now)
    prices = _prices(sales)
    return Turnover(
        variant=offer.variant.label,
        count=evidence.count,
        independent=evidence.independent,
        per_day=evidence.per_day,
        last_at=sales[0].at,
        careful=evidence.price,
        middle=prices[(len(prices) - 1) // 2] if prices else None,
        upper=prices[-1 - (len(prices) - 1) // 4] if prices else None,
    )


def _prices(sales: Sequence[Sale]) -> list[Cents]:
    """Of independent sales of listings, the cheapest first."""
    listed = [sale for sale in sales if sale.side is SaleSide.OFFER]
    return sorted(sale.price for sale in independent_sales(listed))
