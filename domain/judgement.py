"""The decision: live offers, live bids, sales and fees in, proven opportunities or a named refusal out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from domain.exits import Exit, ExitKind, instant_capacity, patient_capacity, price_exit, reachable_bids
from domain.fees import break_even
from domain.levels import HIGHEST, LOWEST, Level, level_for
from domain.liquidity import sales_evidence
from domain.money import Cents
from domain.opportunities import Evidence, Gate, Limits, Numbers, Opportunity, Rejection, Verdict
from domain.patience import PatientExit, patient_exit
from domain.quotes import Offer
from domain.variants import Variant


def judge(evidence: Evidence, now: datetime, limits: Limits) -> Verdict:
    """Decide on one title. Pure: the same evidence and time give the same verdict."""
    early = _stale(evidence, now, limits) or _nothing_to_buy(evidence)
    if early:
        return Verdict((), early)
    results = [_judge_variant(evidence, offers, now, limits) for offers in _by_variant(evidence.offers)]
    opportunities = tuple(result for result in results if isinstance(result, Opportunity))
    rejections = [result for result in results if isinstance(result, Rejection)]
    return Verdict(opportunities, None if opportunities else rejections[0])


def _stale(evidence: Evidence, now: datetime, limits: Limits) -> Rejection | None:
    ages = (
        ("offers", evidence.offers_at, limits.live_age),
        ("bids", evidence.bids_at, limits.live_age),
        ("sales", evidence.history.observed_at, limits.sales_age),
    )
    for name, at, limit in ages:
        if now - at > limit:
            age, most = int((now - at).total_seconds()), int(limit.total_seconds())
            return Rejection(Gate.STALE_INPUT, {"input": name, "age_seconds": age, "limit_seconds": most})
    return None


def _buyable(offer: Offer) -> bool:
    return not offer.locked and offer.resellable


def _nothing_to_buy(evidence: Evidence) -> Rejection | None:
    prices = [offer.price for offer in evidence.offers if _buyable(offer)]
    if not prices:
        locked = sum(offer.locked for offer in evidence.offers)
        return Rejection(Gate.NO_OFFER, {"offers": len(evidence.offers), "locked": locked})
    if not any(level_for(price) for price in prices):
        return Rejection(Gate.OUTSIDE_BANDS, {"ask": min(prices), "lowest": LOWEST, "highest": HIGHEST})
    return None


def _by_variant(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    """Offers that can be bought inside the bands, cheapest first, one list per variant, cheapest variant first."""
    groups: dict[Variant, list[Offer]] = {}
    for offer in sorted(offers, key=lambda one: (one.price, one.offer_id)):
        if _buyable(offer) and level_for(offer.price):
            groups.setdefault(offer.variant, []).append(offer)
    yield from groups.values()


def _judge_variant(evidence: Evidence, offers: list[Offer], now: datetime, limits: Limits) -> Opportunity | Rejection:
    offer = offers[0]
    level = level_for(offer.price)
    assert level is not None  # noqa: S101  # _by_variant keeps only offers inside a band
    sales = sales_evidence(evidence.history, offer, now)
    if sales.count < limits.least_sales:
        return Rejection(Gate.FEW_SALES, {"sales": sales.count, "least": limits.least_sales, "ask": offer.price})
    instant = _instant(evidence, offer, now)
    patient = patient_exit(evidence, offer, sales, now, limits)
    believed = (instant, None if patient.doubt else patient.exit)
    fitting = [one for one in believed if one and one.return_bps >= level.min_return_bps]
    if not fitting:
        return Rejection(Gate.BELOW_LEVEL, _numbers(offer, level, instant, patient))
    best = fitting[0]
    return Opportunity(
        title=evidence.title,
        variant=offer.variant,
        offer=offer,
        level=level,
        exit=best,
        instant=instant,
        patient=believed[1],
        break_even=break_even(offer.price, evidence.fees.rate(best.sell, now)),
        capacity=_capacity(best, offers, evidence, now, level),
        sales=sales,
        days_to_sell=patient.days,
        cents_per_day=_cents_per_day(best, patient.days),
    )


def _instant(evidence: Evidence, offer: Offer, now: datetime) -> Exit | None:
    reachable = reachable_bids(evidence.bids)
    if not reachable:
        return None
    sell = reachable[0].price
    return price_exit(ExitKind.INSTANT, offer.price, sell, evidence.fees.rate(sell, now))


def _capacity(best: Exit, offers: Sequence[Offer], evidence: Evidence, now: datetime, level: Level) -> int:
    if best.kind is ExitKind.PATIENT:
        return patient_capacity(offers, best, level.min_return_bps)
    return instant_capacity(offers, evidence.bids, lambda sell: evidence.fees.rate(sell, now), level.min_return_bps)


def _cents_per_day(best: Exit, days: Decimal | None) -> Cents:
    if best.kind is ExitKind.INSTANT or days is None:
        return best.net
    return int(Decimal(best.net) / max(days, Decimal(1)))


def _numbers(offer: Offer, level: Level, instant: Exit | None, patient: PatientExit) -> Numbers:
    return {
        "ask": offer.price,
        "level": level.key,
        "least_return_bps": level.min_return_bps,
        "instant_sell": instant.sell if instant else None,
        "instant_return_bps": instant.return_bps if instant else None,
        "patient_sell": patient.exit.sell if patient.exit else None,
        "patient_return_bps": patient.exit.return_bps if patient.exit else None,
        "days_to_sell": str(patient.days) if patient.days is not None else None,
        "patient_doubt": patient.doubt,
    }
