"""The patient exit: listed at what comparable items sold for, and what makes that unbelievable."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from domain.exits import Exit, ExitKind, days_to_sell, price_exit
from domain.liquidity import SalesEvidence
from domain.money import Cents
from domain.opportunities import Evidence, Limits
from domain.quotes import Offer


@dataclass(frozen=True, slots=True)
class PatientExit:
    """`days` until it is expected to sell; `doubt` says why it is not to be believed, None where it is."""

    exit: Exit | None
    days: Decimal | None
    doubt: str | None


def patient_exit(evidence: Evidence, offer: Offer, sales: SalesEvidence, now: datetime, limits: Limits) -> PatientExit:
    """Priced with the fee of the expected day of sale: a reduced fee that ends before it helps nobody."""
    price = sales.price
    days = days_to_sell(_queue(evidence, offer, price), sales.per_day) if price is not None else None
    if price is None or days is None or sales.newest is None:
        return PatientExit(None, None, "no sale of a listing")
    sold_at = now + timedelta(seconds=int(days * 86_400))
    exit_ = price_exit(ExitKind.PATIENT, offer.price, price, evidence.fees.rate(price, sold_at))
    if not _queue_known(evidence, price):
        return PatientExit(exit_, None, "more offers ahead than were read")
    return PatientExit(exit_, days, _doubt(days, sales, now - sales.newest, limits))


def _queue(evidence: Evidence, offer: Offer, price: Cents) -> int:
    """Offers of the same variant that sell before ours at `price`; also those that we could not buy."""
    rivals = (one for one in evidence.offers if one.variant == offer.variant and one is not offer)
    return sum(one.price <= price for one in rivals)


def _queue_known(evidence: Evidence, price: Cents) -> bool:
    """Offers beyond those read are as dear as the dearest read, so below it the queue is whole."""
    return evidence.offers_complete or price < max(one.price for one in evidence.offers)


def _doubt(days: Decimal, sales: SalesEvidence, newest_age: timedelta, limits: Limits) -> str | None:
    if sales.independent < limits.least_independent:
        return "too few independent sales"
    if newest_age > limits.newest_sale_age:
        return "last sale too long ago"
    if sales.complete and sales.span < limits.least_span:
        return "sales history too short"
    if days > limits.most_days_to_sell:
        return "sells too slowly"
    return None
