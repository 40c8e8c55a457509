"""Cutting a host off while it has batches of a scan in hand, which the exchange knows: it has not answered yet."""

import json
import time
from functools import partial

from tests.acceptance.market import eventually
from tests.hosts.cluster import Cluster
from tests.hosts.network import Host

HELD_MS = 5_000  # time enough to see a call and cut its host off; half of the 10 s after which a batch is given back
PRICES = "aggregated-prices"
# One title alone is also what a worker asks for to see whether the exchange answers again.
LEASED = """
SELECT b.id, b.run_id, array_agg(i.title) AS titles FROM scan_batches b JOIN items i ON i.id = ANY (b.item_ids)
WHERE b.state = 'leased' GROUP BY b.id HAVING count(*) > 1
"""


def cut_in_the_middle(cluster: Cluster, host: Host, *, silently: bool) -> tuple[int, set[int]]:
    """Cut a host off while it has batches of a scan in hand; the run and those of its batches, at least one.

    The exchange holds its answers back until the host is gone: what it has not answered then, nobody can finish.
    """
    cluster.market.exchange("faults", {"kind": "delay", "delay_ms": HELD_MS, "path_contains": PRICES})
    since = time.time()
    try:
        eventually("the host prices a batch", partial(_in_hand, cluster, host, since))
        host.silence() if silently else host.unplug()
        held = _in_hand(cluster, host, since)
    finally:
        cluster.market.exchange("faults", {"kind": "off"})
    assert held, "the exchange answered before the host was cut off"
    (run,) = set(held.values())
    return run, set(held)


def _in_hand(cluster: Cluster, host: Host, since: float) -> dict[int, int]:
    """The run of each leased batch whose titles a host asked for after `since` (unix seconds) and has no answer to."""
    asked = [
        frozenset(json.loads(call["body"])["filter"].get("titles", ()))
        for call in cluster.market.exchange("open")["calls"]
        if call["peer"] == host.address and PRICES in call["path"] and call["time"] > since
    ]
    return {row["id"]: row["run_id"] for row in cluster.market.rows(LEASED) if frozenset(row["titles"]) in asked}


def done_later(cluster: Cluster, run: int) -> set[int]:
    """The batches of a run that were priced, but not at the first try."""
    again = "SELECT id, run_id FROM scan_batches WHERE state = 'done' AND attempts > 1"
    return {row["id"] for row in cluster.market.rows(again) if row["run_id"] == run}
