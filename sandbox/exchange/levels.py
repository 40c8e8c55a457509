"""The five price bands a planted opportunity belongs to, restated from the table (docs/alerts.md, Levels)."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Band:
    """Buy prices [low, high) in cents, least return and the range of planted returns in basis points."""

    key: str
    low: int
    high: int
    least_bps: int
    planted_bps: tuple[int, int]

    def draw_buy(self, rng: Random) -> int:
        """A buy price well inside the band, in cents; cheaper ones more often."""
        low, high = self.low * 115 // 100, self.high * 85 // 100
        return rng.randint(low, rng.randint(low, high))

    def draw_return(self, rng: Random) -> int:
        return rng.randint(*self.planted_bps)


BANDS = {
    band.key: band
    for band in (
        Band("boost", 50, 300, 100, (1200, 2400)),
        Band("standard", 300, 1_000, 500, (1500, 2800)),
        Band("medium", 1_000, 3_000, 500, (1500, 2800)),
        Band("advanced", 3_000, 10_000, 1_000, (2600, 4000)),
        Band("pro", 10_000, 100_000, 2_000, (4600, 6000)),
    )
}


def band_of(price: int) -> Band | None:
    """The band of a buy price in cents; the last one is closed, None outside all."""
    for band in BANDS.values():
        if band.low <= price < band.high or price == band.high == BANDS["pro"].high:
            return band
    return None
