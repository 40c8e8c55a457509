"""What a sale costs: the exchange's fee list applied to one title and price."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.money import ONE, BasisPoints, Cents, ceil_share


class FeeSource(StrEnum):
    REDUCED = "reduced"
    DEFAULT = "default"
    ASSUMED = "assumed"  # the list is unknown: the conservative default stands in and the alert says so


@dataclass(frozen=True, slots=True)
class FeeRate:
    """A selling fee: `bps` of the price, rounded up, at least `minimum` cents."""

    bps: BasisPoints
    minimum: Cents
    source: FeeSource

    def fee(self, price: Cents) -> Cents:
        """fee = max(minimum, price x fraction), whole cents, rounded up (docs/alerts.md, The fee)."""
        return max(self.minimum, ceil_share(price, self.bps))

    def proceeds(self, price: Cents) -> Cents:
        """What the seller receives in cents."""
        return price - self.fee(price)


@dataclass(frozen=True, slots=True)
class ReducedFee:
    """One row of the exchange's list: valid for prices within [min_price, max_price] cents until `expires_at`."""

    title: str
    bps: BasisPoints
    min_price: Cents
    max_price: Cents
    expires_at: datetime

    def applies(self, price: Cents, now: datetime) -> bool:
        return self.min_price <= price <= self.max_price and now < self.expires_at


@dataclass(frozen=True, slots=True)
class DefaultFee:
    """What a game charges where no reduced row applies; `minimum` in cents."""

    bps: BasisPoints
    minimum: Cents


@dataclass(frozen=True, slots=True)
class ItemFees:
    """All that is known of one title's fees. `default` is None while the list is unknown or too old."""

    default: DefaultFee | None
    assumed_bps: BasisPoints
    reduced: tuple[ReducedFee, ...] = ()
    observed_at: datetime | None = None

    def rate(self, price: Cents, now: datetime) -> FeeRate:
        """The rate for a sale at `price` now: a valid reduced row, else the default, else the assumed one."""
        minimum = self.default.minimum if self.default else 1
        valid = [row.bps for row in self.reduced if row.applies(price, now)]
        if valid:
            return FeeRate(max(valid), minimum, FeeSource.REDUCED)
        if self.default:
            return FeeRate(self.default.bps, minimum, FeeSource.DEFAULT)
        return FeeRate(self.assumed_bps, minimum, FeeSource.ASSUMED)


def break_even(buy: Cents, rate: FeeRate) -> Cents:
    """The lowest selling price in cents whose proceeds cover `buy`: buy / (1 - fee), never below buy + minimum."""
    return max(-(-buy * ONE // (ONE - rate.bps)), buy + rate.minimum)


@dataclass(frozen=True, slots=True)
class FeeList:
    """One game's whole fee list as read from the exchange."""

    default: DefaultFee
    reduced: tuple[ReducedFee, ...]
