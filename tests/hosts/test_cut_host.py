"""Workers on three hosts, one broker, one database: a host that is cut off costs time, never a price or an alert."""

import os
from collections.abc import Iterator

import pytest

from sandbox.runner.console import Screen
from sandbox.runner.stack import Wishes, prepare
from sandbox.servers.children import ProcessFamily
from tests.acceptance.market import Market, eventually, nothing_left
from tests.hosts.cluster import THREADS, UNFINISHED, Cluster
from tests.hosts.cutting import cut_in_the_middle, done_later
from tests.hosts.network import HUB, Host

pytestmark = pytest.mark.timeout(480)

ONE_GAME = ("--titles", "csgo=4000", "--planted-per-game", "6", "--latency-ms", "400")
SETTINGS = {
    "SCAN_INTERVAL_CSGO": "12",
    "SCAN_INTERVAL_DOTA2": "0",
    "SCAN_INTERVAL_TF2": "0",
    "SCAN_INTERVAL_RUST": "0",
    "WORKER_CONCURRENCY": str(THREADS),
}
TAKEN_OVER = 45.0  # seconds: a lease of 20, the reaper every 5, the work itself
BACK = 30.0  # seconds until a host that is reachable again works again


@pytest.fixture(scope="module")
def cluster(hosts: dict[str, Host], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    data = tmp_path_factory.mktemp("hub") / "run"
    environ = {"PATH": os.environ["PATH"], **SETTINGS}
    with ProcessFamily(data) as family:
        wishes = Wishes(everything=True, exchange=ONE_GAME, host=HUB)
        cluster = Cluster(Market(prepare(family, data, environ, Screen(), wishes), data), hosts)
        cluster.start()
        yield cluster
        cluster.end_workers()


def everything_is_told_once(cluster: Cluster) -> None:
    nothing_left("opportunities not told", cluster.market.untold, 100)
    told = cluster.market.alerted()

    assert set(told) == cluster.market.planted()
    assert set(told.values()) == {1}


def test_three_hosts_share_the_work_and_one_rate_budget(cluster: Cluster) -> None:
    """Each of them calls the exchange, together they stay within the account's limits; each deal is told once."""
    everything_is_told_once(cluster)
    eventually("two scans", lambda: cluster.market.scans_done() >= 2)

    assert set(cluster.callers()) == {host.address for host in cluster.hosts.values()}
    assert (cluster.refused(), cluster.overruns()) == ({}, {})


@pytest.mark.parametrize("silently", [False, True], ids=["interface down", "packets lost in silence"])
def test_a_host_that_is_cut_off_and_comes_back_costs_only_time(cluster: Cluster, silently: bool) -> None:
    """Its work goes to the others within its leases, scans and alerts go on; back again, it works without a hand."""
    market, lost = cluster.market, cluster.hosts["two"]
    try:
        run, held = cut_in_the_middle(cluster, lost, silently=silently)
        market.exchange("plant", {"game": "csgo", "kind": "instant", "level": "boost", "unread": True})
        eventually("its batches are taken over", lambda: market.run(run)["state"] != "running", TAKEN_OVER)
        done = market.scans_done()
        status, checks = cluster.readiness(lost)

        assert market.run(run)["state"] == "done"
        assert held <= done_later(cluster, run)
        assert len(done_later(cluster, run)) <= THREADS
        assert status == 503
        assert "does not answer" in checks["database"] or "no answer" in checks["database"]
        assert "does not answer" in checks["broker"] or "no answer" in checks["broker"]
        everything_is_told_once(cluster)
        eventually("scans go on without it", lambda: market.scans_done() > done)
    finally:
        number = cluster.newest()
        lost.bring_back()
    eventually("it works again", lambda: cluster.callers(number)[lost.address], BACK)
    eventually("it says that it is ready", lambda: cluster.readiness(lost)[0] == 200)
    everything_is_told_once(cluster)

    assert market.count(UNFINISHED) == 0
    assert (cluster.refused(), cluster.overruns()) == ({}, {})
    assert "Traceback" not in "".join(map(cluster.log, cluster.hosts.values()))
