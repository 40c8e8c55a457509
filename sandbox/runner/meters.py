"""Reading what the processes count, from their own /metrics."""

import http.client
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

PERMITS = "skinbeat_budget_permits_total"
# Each metric we show, and the labels a sample must have to count.
COUNTED: dict[str, dict[str, str]] = {
    "skinbeat_scans_total": {"outcome": "planned"},
    "skinbeat_prices_observed_total": {},
    "arbitrage_opportunities_found_total": {},
    "skinbeat_alerts_total": {"state": "sent"},
    "dmarket_api_requests_total": {"status_code": "429"},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Totals since the processes started; `permits` counts calls allowed by limit group of the exchange."""

    scans: int = 0
    prices: int = 0
    opportunities: int = 0
    alerts: int = 0
    permits: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0


def read(ports: Iterable[int]) -> Reading:
    """The sum over all processes; one that does not answer counts nothing."""
    totals: Counter[str] = Counter()
    permits: Counter[str] = Counter()
    for name, labels, value in (sample for port in ports for sample in _samples(port)):
        wanted = COUNTED.get(name)
        if wanted is not None and all(labels.get(label) == worth for label, worth in wanted.items()):
            totals[name] += value
        if name == PERMITS:
            permits[labels["group"]] += value
    return Reading(
        scans=totals["skinbeat_scans_total"],
        prices=totals["skinbeat_prices_observed_total"],
        opportunities=totals["arbitrage_opportunities_found_total"],
        alerts=totals["skinbeat_alerts_total"],
        permits=permits,
        refused=totals["dmarket_api_requests_total"],
    )


def _samples(port: int) -> list[tuple[str, dict[str, str], int]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:  # our own processes
            body = answer.read().decode()
    except (OSError, http.client.HTTPException):  # it starts, or it ends and cuts its answer short
        return []
    return [
        (sample.name, sample.labels, int(sample.value))
        for family in text_string_to_metric_families(body)
        for sample in family.samples
        if sample.name.endswith("_total")
    ]
