"""The evidence of an opportunity as it is stored and shown: prices, exits, sales and the age of each input."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from domain.exits import Exit
from domain.money import BasisPoints, Cents
from domain.opportunities import Evidence, Opportunity


class ExitProof(BaseModel):
    """One way out: amounts in cents, `fee_source` as domain.fees.FeeSource."""

    model_config = ConfigDict(frozen=True)

    sell: Cents
    fee: Cents
    fee_bps: BasisPoints
    fee_source: str
    net: Cents
    return_bps: BasisPoints

    @classmethod
    def of(cls, exit_: Exit | None) -> Self | None:
        if exit_ is None:
            return None
        return cls(
            sell=exit_.sell,
            fee=exit_.fee,
            fee_bps=exit_.fee_bps,
            fee_source=exit_.fee_source,
            net=exit_.net,
            return_bps=exit_.return_bps,
        )


class Proof(BaseModel):
    """What an alert says, all of it. `exit` names the exit that qualifies: "instant" or "patient"."""

    model_config = ConfigDict(frozen=True)

    game: str
    title: str
    variant_label: str
    level: str
    offer_id: str
    buy: Cents
    unlock_at: datetime | None
    exit: str
    instant: ExitProof | None
    patient: ExitProof | None
    break_even: Cents
    capacity: int
    days_to_sell: Decimal | None
    sales_count: int
    sales_independent: int
    sales_per_day: Decimal
    newest_sale_at: datetime | None
    oldest_sale_at: datetime | None
    offers_at: datetime
    bids_at: datetime
    sales_at: datetime
    fees_at: datetime | None

    @classmethod
    def of(cls, game: str, opportunity: Opportunity, evidence: Evidence) -> Self:
        sales = opportunity.sales
        return cls(
            game=game,
            title=opportunity.title,
            variant_label=opportunity.variant.label,
            level=opportunity.level.key,
            offer_id=opportunity.offer.offer_id,
            buy=opportunity.offer.price,
            unlock_at=opportunity.offer.unlock_at,
            exit=opportunity.exit.kind,
            instant=ExitProof.of(opportunity.instant),
            patient=ExitProof.of(opportunity.patient),
            break_even=opportunity.break_even,
            capacity=opportunity.capacity,
            days_to_sell=opportunity.days_to_sell,
            sales_count=sales.count,
            sales_independent=sales.independent,
            sales_per_day=sales.per_day.quantize(Decimal("0.1")),
            newest_sale_at=sales.newest,
            oldest_sale_at=sales.oldest,
            offers_at=evidence.offers_at,
            bids_at=evidence.bids_at,
            sales_at=evidence.history.observed_at,
            fees_at=evidence.fees.observed_at,
        )
