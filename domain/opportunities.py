"""What a decision is made of: its inputs, the limits they must keep, and the verdict."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.exits import Exit
from domain.fees import ItemFees
from domain.levels import Level
from domain.liquidity import SalesEvidence
from domain.money import ONE, BasisPoints, Cents
from domain.quotes import Bid, Offer, SalesHistory
from domain.variants import Variant

Numbers = dict[str, int | str | None]


class Gate(StrEnum):
    """Why an item is not an opportunity, in the order in which it is asked."""

    STALE_INPUT = "stale_input"  # an input is older than its limit
    NO_OFFER = "no_offer"  # nothing that can be bought now and listed again
    OUTSIDE_BANDS = "outside_bands"  # no level holds the price
    FEW_SALES = "few_sales"  # too few comparable sales to believe any price
    BELOW_LEVEL = "below_level"  # neither exit earns the level's least return


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as evidence. Ages bound live reads and the sales reference."""

    live_age: timedelta = timedelta(seconds=60)
    sales_age: timedelta = timedelta(hours=6)
    least_sales: int = 3
    least_independent: int = 5
    newest_sale_age: timedelta = timedelta(days=10)
    least_span: timedelta = timedelta(hours=12)
    most_days_to_sell: int = 30


@dataclass(frozen=True, slots=True)
class Evidence:
    """All inputs of one decision with the times at which they were read.

    `offers` are the cheapest of the title; `offers_complete` is False where dearer ones exist beyond those read.
    """

    title: str
    offers: tuple[Offer, ...]
    offers_at: datetime
    bids: tuple[Bid, ...]
    bids_at: datetime
    history: SalesHistory
    fees: ItemFees
    offers_complete: bool = True


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A purchase that earns its level's return through at least one exit.

    `exit` is the one that qualifies, the instant one first. `break_even` is the lowest selling price in cents
    that covers the purchase at that exit's fee. `capacity` is in units. `days_to_sell` is for
    the patient exit. `cents_per_day` ranks: expected net per day that the money is bound, at least one day.
    """

    title: str
    variant: Variant
    offer: Offer
    level: Level
    exit: Exit
    instant: Exit | None
    patient: Exit | None
    break_even: Cents
    capacity: int
    sales: SalesEvidence
    days_to_sell: Decimal | None
    cents_per_day: Cents


@dataclass(frozen=True, slots=True)
class Rejection:
    """The gate an item failed with the numbers it failed on."""

    gate: Gate
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Verdict:
    """At most one opportunity per variant; a rejection exactly when there is none."""

    opportunities: tuple[Opportunity, ...]
    rejection: Rejection | None


CHEAPER_BPS: BasisPoints = 300  # a price must fall by that much before the same item is news again


def worth_telling_again(former_buy: Cents, buy: Cents) -> bool:
    """Whether a moved price is news: at least 3 % cheaper than before. A dearer one stays silent."""
    return buy * ONE <= former_buy * (ONE - CHEAPER_BPS)
