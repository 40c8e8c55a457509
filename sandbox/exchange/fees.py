"""What selling costs on the sandbox: a default per game and reduced rows per title (docs/exchange-api.md, Fee list)."""

from dataclasses import dataclass, field
from datetime import datetime

DEFAULT_FEE_BPS = {"csgo": 1000, "dota2": 700, "tf2": 500, "rust": 500}
REDUCED_FEE_BPS = 200
MINIMUM_FEE = 1  # cents
WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class ReducedFee:
    """Valid for prices within [min_price, max_price] cents before `expires_at`."""

    title: str
    bps: int
    min_price: int
    max_price: int
    expires_at: datetime


@dataclass(slots=True)
class FeeTable:
    default_bps: int
    reduced: dict[str, ReducedFee] = field(default_factory=dict)

    def bps(self, title: str, price: int, now: datetime) -> int:
        row = self.reduced.get(title)
        if row and row.min_price <= price <= row.max_price and now < row.expires_at:
            return row.bps
        return self.default_bps

    def proceeds(self, title: str, price: int, now: datetime) -> int:
        """Cents the seller gets: price less max(minimum, fraction rounded up)."""
        return proceeds(price, self.bps(title, price, now))


def proceeds(price: int, bps: int) -> int:
    """Cents left of a sale at `price` cents and a fee of `bps`, rounded against the seller."""
    return price - max(MINIMUM_FEE, -(-price * bps // WHOLE))


def price_for(wanted: int, bps: int) -> int:
    """The lowest price in cents whose proceeds reach `wanted` cents."""
    price = max(wanted * WHOLE // (WHOLE - bps), wanted + MINIMUM_FEE)
    while proceeds(price, bps) < wanted:
        price += 1
    return price
