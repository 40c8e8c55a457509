"""The two ways out of a purchase: at once into a live bid, or patiently at what the item really sells for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from domain.fees import FeeRate, FeeSource
from domain.money import BasisPoints, Cents, return_on
from domain.quotes import Bid, Offer

RateFor = Callable[[Cents], FeeRate]


class ExitKind(StrEnum):
    INSTANT = "instant"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Exit:
    """One priced way out. net = sell - fee - buy in cents; `return_bps` is net per buy, rounded down."""

    kind: ExitKind
    sell: Cents
    fee: Cents
    fee_bps: BasisPoints
    fee_source: FeeSource
    net: Cents
    return_bps: BasisPoints


def price_exit(kind: ExitKind, buy: Cents, sell: Cents, rate: FeeRate) -> Exit:
    """Net after the fee: buy 1000, sell 1200 at 7 % leaves 116 cents, 11.6 % (docs/alerts.md, Arithmetic)."""
    fee = rate.fee(sell)
    net = sell - fee - buy
    return Exit(kind, sell, fee, rate.bps, rate.source, net, return_on(net, buy))


def reachable_bids(bids: Sequence[Bid]) -> list[Bid]:
    """Live unrestricted bids, best first. A bid for one phase, float or pattern is nobody's exit but its own."""
    open_to_all = [bid for bid in bids if bid.unrestricted and bid.amount > 0]
    return sorted(open_to_all, key=lambda bid: bid.price, reverse=True)


def instant_capacity(
    offers: Sequence[Offer], bids: Sequence[Bid], rate_for: RateFor, min_return_bps: BasisPoints
) -> int:
    """Units that can be bought and sold at once, cheapest offer to best bid, each at the least return or more."""
    units = [bid.price for bid in reachable_bids(bids) for _ in range(min(bid.amount, len(offers)))]
    count = 0
    for offer, sell in zip(sorted(offers, key=lambda one: one.price), units, strict=False):
        exit_ = price_exit(ExitKind.INSTANT, offer.price, sell, rate_for(sell))
        if exit_.return_bps < min_return_bps:
            break
        count += 1
    return count


def patient_capacity(offers: Sequence[Offer], exit_: Exit, min_return_bps: BasisPoints) -> int:
    """Units on offer now that would still earn the least return when sold as `exit_` is, fee included."""
    proceeds = exit_.sell - exit_.fee
    return sum(return_on(proceeds - offer.price, offer.price) >= min_return_bps for offer in offers)


def days_to_sell(queue_ahead: int, per_day: Decimal) -> Decimal | None:
    """Expected days until our listing sells, rounded up to a tenth; None without sales.

    (offers ahead of it + itself) / sales a day.
    """
    return (Decimal(queue_ahead + 1) / per_day).quantize(Decimal("0.1"), ROUND_CEILING) if per_day > 0 else None
