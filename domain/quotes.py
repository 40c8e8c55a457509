"""What the exchange says about a title: aggregates, live offers, live bids, sales. Prices in cents, times aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.money import Cents
from domain.traits import UNKNOWN, Traits
from domain.variants import PLAIN, Variant


@dataclass(frozen=True, slots=True)
class AggregatedPrice:
    """Best bid and ask of a title; None where a side is empty. May be stale: it nominates, it never proves."""

    title: str
    bid: Cents | None
    bid_count: int
    ask: Cents | None
    ask_count: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One live listing that can be bought through the API.

    `locked` means somebody is buying it now. `resellable` is False where the exchange would refuse to list
    it again (overstocked, sale restricted, sell unavailable). `unlock_at` ends its Steam trade lock; until
    then it can be relisted on the exchange but not withdrawn. `traits` is what the block of its game said.
    """

    offer_id: str
    title: str
    price: Cents
    locked: bool = False
    resellable: bool = True
    variant: Variant = PLAIN
    float_value: Decimal | None = None
    paint_seed: int | None = None
    created_at: datetime | None = None
    unlock_at: datetime | None = None
    traits: Traits = UNKNOWN


@dataclass(frozen=True, slots=True)
class Bid:
    """One row of a title's bid book. `restrictions` are the attributes that are not "any", sorted by name."""

    price: Cents
    amount: int
    restrictions: tuple[tuple[str, str], ...] = ()

    @property
    def unrestricted(self) -> bool:
        return not self.restrictions


class SaleSide(StrEnum):
    OFFER = "offer"  # a buyer took a listing: the ask side
    TARGET = "target"  # a seller filled a buy order: the bid side
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sale:
    price: Cents
    at: datetime
    side: SaleSide
    variant: Variant = PLAIN
    float_value: Decimal | None = None
    paint_seed: int | None = None


@dataclass(frozen=True, slots=True)
class SalesHistory:
    """A title's newest sales, newest first. `complete` is False where older ones may exist beyond those read."""

    sales: tuple[Sale, ...]
    observed_at: datetime
    complete: bool = True

    @property
    def tells(self) -> bool:
        """Whether it says anything: an empty list does once a second read gave the same (tasks/sales.py)."""
        return bool(self.sales) or self.complete
