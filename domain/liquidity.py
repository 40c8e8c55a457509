"""What recent sales prove: a careful price and how often the item really sells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from domain.money import Cents
from domain.quotes import Offer, Sale, SalesHistory, SaleSide
from domain.variants import Variant

WINDOW = timedelta(days=30)
SLOT = timedelta(hours=1)
PREMIUM_FLOAT = Decimal("0.01")  # below it a Factory New item is priced apart from the rest
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SalesEvidence:
    """Comparable sales of the last 30 days.

    `count` is every comparable sale, `independent` those left after `independent_sales`, `price` their
    low quantile in cents (None without any), `per_day` how many independent ones a day, `newest` and
    `oldest` the times of the independent ones, `complete` whether older sales than those read do not exist.
    """

    count: int
    independent: int
    price: Cents | None
    per_day: Decimal
    newest: datetime | None
    oldest: datetime | None
    complete: bool

    @property
    def span(self) -> timedelta:
        return self.newest - self.oldest if self.newest and self.oldest else timedelta(0)


def comparable(sales: Iterable[Sale], variant: Variant, float_value: Decimal | None, now: datetime) -> list[Sale]:
    """Sales of the last 30 days that say something about an item of this variant and float, newest first.

    A sale of a premium float (below 0.01) tells nothing about an item without one.
    """

    def fits(sale: Sale) -> bool:
        premium = sale.float_value is not None and sale.float_value < PREMIUM_FLOAT
        mine = float_value is not None and float_value < PREMIUM_FLOAT
        return sale.variant == variant and now - WINDOW <= sale.at <= now and (mine or not premium)

    return sorted((sale for sale in sales if fits(sale)), key=lambda sale: sale.at, reverse=True)


def independent_sales(sales: Sequence[Sale]) -> list[Sale]:
    """One sale per asset and one per hour, the cheapest each time, newest first.

    The same float and pattern sold again and again, or a burst within an hour, is how prices are faked;
    real demand survives this thinning.
    """
    assets: dict[object, Sale] = {}
    for place, sale in enumerate(sales):
        known = sale.float_value is not None and sale.paint_seed is not None
        asset = (sale.float_value, sale.paint_seed) if known else place
        if asset not in assets or sale.price < assets[asset].price:
            assets[asset] = sale
    slots: list[list[Sale]] = []
    for sale in sorted(assets.values(), key=lambda one: one.at):
        if slots and sale.at - slots[-1][0].at < SLOT:
            slots[-1].append(sale)
        else:
            slots.append([sale])
    return [min(slot, key=lambda one: one.price) for slot in reversed(slots)]


def low_quantile(prices: Sequence[Cents]) -> Cents:
    """The price that three quarters of `prices` reach: the nearest rank at 25 %, never between two sales."""
    return sorted(prices)[(len(prices) - 1) // 4]


def sales_evidence(history: SalesHistory, offer: Offer, now: datetime) -> SalesEvidence:
    """What listings comparable to `offer` sold for; only the ask side counts towards the price.

    The price is the low quantile of the independent sales, or the one of the newest five where that is
    lower, so that a falling market is seen.
    """
    everything = comparable(history.sales, offer.variant, offer.float_value, now)
    listed = [sale for sale in everything if sale.side is SaleSide.OFFER]
    thinned = independent_sales(listed)
    prices = [sale.price for sale in thinned]
    price = min(low_quantile(prices), low_quantile(prices[:5])) if prices else None
    newest, oldest = (thinned[0].at, thinned[-1].at) if thinned else (None, None)
    days = max(now - oldest, DAY) if oldest else DAY
    return SalesEvidence(
        count=len(everything),
        independent=len(thinned),
        price=price,
        per_day=Decimal(len(thinned)) * Decimal(86_400) / Decimal(int(days.total_seconds())),
        newest=newest,
        oldest=oldest,
        complete=history.complete,
    )


def lowest_price(history: SalesHistory, now: datetime) -> Cents | None:
    """The careful price of the cheapest variant sold under a title, None without any; an aggregate knows no variant."""
    variants = {sale.variant for sale in history.sales}
    prices = (sales_evidence(history, Offer("", "", 0, variant=variant), now).price for variant in variants)
    return min((price for price in prices if price is not None), default=None)
