"""Reading what the processes count, from their own /metrics."""

import http.client
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True, slots=True)
class Reading:
    """Totals since the processes started."""

    scans: int = 0
    prices: int = 0
    opportunities: int = 0
    alerts: int = 0
    calls: int = 0
    refused: int = 0


def read(ports: Iterable[int]) -> Reading:
    """The sum over all processes; one that does not answer counts nothing."""
    totals: dict[str, int] = {}
    for port in ports:
        for name, labels, value in _samples(port):
            if name == "skinbeat_scans_total" and labels.get("outcome") != "planned":
                continue
            if name == "skinbeat_alerts_total" and labels.get("state") != "sent":
                continue
            if name == "dmarket_api_requests_total" and labels.get("status_code") == "429":
                totals["refused"] = totals.get("refused", 0) + value
            totals[name] = totals.get(name, 0) + value
    return Reading(
        scans=totals.get("skinbeat_scans_total", 0),
        prices=totals.get("skinbeat_prices_observed_total", 0),
        opportunities=totals.get("arbitrage_opportunities_found_total", 0),
        alerts=totals.get("skinbeat_alerts_total", 0),
        calls=totals.get("dmarket_api_requests_total", 0),
        refused=totals.get("refused", 0),
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
