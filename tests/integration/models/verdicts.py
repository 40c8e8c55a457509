"""Verdicts of the real judgement over factory evidence, to be recorded."""

from datetime import timedelta

from domain.judgement import judge
from domain.opportunities import Evidence, Limits, Opportunity
from domain.variants import PLAIN, Variant
from tests.factories import NOW, a_bid, a_history, an_offer, some_evidence, some_sales


def evidence_at(seconds: int, buy: int = 1000, *, offer_id: str = "a", variant: Variant = PLAIN) -> Evidence:
    """Live data read `seconds` after NOW: one offer at `buy` cents, a bid at 1300 and sales around it."""
    at = NOW + timedelta(seconds=seconds)
    return some_evidence(
        [an_offer(buy, offer_id=offer_id, variant=variant)],
        [a_bid(1300)],
        history=a_history(some_sales([1300] * 12, variant=variant)),
        offers_at=at,
        bids_at=at,
    )


def an_opportunity(buy: int = 1000, *, offer_id: str = "a", variant: Variant = PLAIN) -> Opportunity:
    """What the judgement makes of that evidence; fails when it is none."""
    (found,) = judge(evidence_at(0, buy, offer_id=offer_id, variant=variant), NOW, Limits()).opportunities
    return found
