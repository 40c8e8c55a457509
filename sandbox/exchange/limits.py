"""Rate limits per account and group in fixed one-second windows (docs/exchange-api.md, Rate limits)."""

from dataclasses import dataclass, field

GROUP_LIMITS = {"market-items": 10, "last-sales": 6, "fees": 110, "other": 20}
GROUP_PATHS = {
    "/marketplace-api/v2/offers": "market-items",
    "/trade-aggregator/v1/last-sales": "last-sales",
    "/exchange/v1/customized-fees": "fees",
}


def group_of(path: str) -> str:
    return GROUP_PATHS.get(path, "other")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one request was granted; `remaining` requests are left in its window."""

    limit: int
    remaining: int
    allowed: bool

    @property
    def headers(self) -> dict[str, str]:
        limit, remaining = str(self.limit), str(self.remaining)
        headers = {
            "X-RateLimit-Limit-Second": limit,
            "X-RateLimit-Remaining-Second": remaining,
            "RateLimit-Limit": limit,
            "RateLimit-Remaining": remaining,
            "RateLimit-Reset": "1",
        }
        return headers if self.allowed else {**headers, "Retry-After": "1"}


@dataclass(slots=True)
class Windows:
    """Counts of the current second by (account, group)."""

    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def take(self, account: str, group: str, second: int) -> Ticket:
        """One request in the window of that unix `second`."""
        limit = GROUP_LIMITS[group]
        window, count = self.counts.get((account, group), (second, 0))
        count = count + 1 if window == second else 1
        self.counts[account, group] = (second, count)
        return Ticket(limit, max(0, limit - count), count <= limit)
