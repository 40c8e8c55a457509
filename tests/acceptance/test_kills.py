"""Any process may be killed at any moment: nothing is lost, nothing is told twice."""

import pytest

from benchmarks.figures import most_in_a_rolling_second
from sandbox.servers.broker import start_broker
from sandbox.servers.postgres import start_postgres
from tests.acceptance.conftest import MarketFactory
from tests.acceptance.market import Market, eventually, nothing_left
from tests.faults.check_traffic import JITTER, LIMITS

pytestmark = pytest.mark.timeout(240)

TWO_GAMES = ("--titles", "csgo=2500,rust=600", "--planted-per-game", "6", "--latency-ms", "150")
OTHERS_OFF = {"SCAN_INTERVAL_DOTA2": "0", "SCAN_INTERVAL_TF2": "0"}
SECOND = 1 - JITTER  # calls that left in time may arrive closer together where other tests keep the cores busy
PATIENCE = 100.0  # a dead worker's leases last 30 s, its run's 60 s


def in_the_middle_of_a_scan(market: Market) -> int:
    """Wait until the chat is welcomed, so that it is to be told, and a run has some of its batches priced; its id."""
    eventually("the chat is welcomed", market.texts)
    halfway = "SELECT max(id) FROM scan_runs WHERE state = 'running' AND batches_left BETWEEN 2 AND batches - 2"
    return eventually("a scan is under way", lambda: market.count(halfway), 40)


def everything_is_told_once(market: Market) -> None:
    nothing_left("opportunities not told", market.untold, PATIENCE)
    told = market.alerted()

    assert set(told) == market.planted()
    assert set(told.values()) == {1}


def test_a_killed_worker_loses_no_title_of_its_scan_and_no_alert(open_market: MarketFactory) -> None:
    """kill -9 in the middle of a scan: the next worker prices every title of that very run."""
    market = open_market(*TWO_GAMES, **OTHERS_OFF)
    market.start()
    run = in_the_middle_of_a_scan(market)
    market.processes["worker"].kill()
    market.spawn("worker")
    eventually("the run is through", lambda: market.run(run)["state"] != "running", PATIENCE)
    row = market.run(run)

    assert row["state"] == "done"
    assert row["prices_observed"] == row["titles"] > 0
    unpriced = "SELECT count(*) FROM items WHERE id NOT IN (SELECT item_id FROM prices)"
    eventually("every title has its price", lambda: not market.count(unpriced), PATIENCE)
    everything_is_told_once(market)


def restart(market: Market, server: str) -> None:
    if server == "broker":
        start_broker(market.data / server, market.stack.family)
    else:
        start_postgres(market.data / server, market.stack.family, durable=False)


@pytest.mark.parametrize("server", ["broker", "postgres"])
def test_a_killed_server_only_delays_the_scan(open_market: MarketFactory, server: str) -> None:
    """kill -9 of it in the middle of a scan, started again: no process of ours ends, the rows lose nothing."""
    market = open_market(*TWO_GAMES, **OTHERS_OFF)
    market.start()
    run = in_the_middle_of_a_scan(market)
    market.server(server).kill()
    restart(market, server)
    eventually("the run is through", lambda: market.run(run)["state"] != "running", PATIENCE)

    assert all(child.running for child in market.processes.values())
    assert market.run(run)["prices_observed"] == market.run(run)["titles"] > 0
    everything_is_told_once(market)


def test_a_killed_bot_repeats_at_most_the_message_in_flight(open_market: MarketFactory) -> None:
    """kill -9 of the bot with alerts waiting: the next tells the rest, only the one in flight may come twice."""
    market = open_market(*TWO_GAMES, **OTHERS_OFF)
    market.start()
    eventually("some alerts are out and some wait", lambda: sum(market.alerted().values()) >= 3)
    market.processes["bot"].kill()
    market.spawn("bot")
    nothing_left("opportunities not told", market.untold, PATIENCE)
    told = market.alerted()

    assert set(told) == market.planted()
    assert sum(told.values()) - len(told) <= 1
    eventually(
        "every alert ended in a recorded state",
        lambda: not market.count("SELECT count(*) FROM alerts WHERE state IN ('pending', 'sending')"),
        PATIENCE,
    )


def test_two_workers_and_two_beats_double_nothing(open_market: MarketFactory) -> None:
    """Two of each at once: one scan per interval, no over-limit second seen by the exchange, each deal told once."""
    market = open_market(*TWO_GAMES, **OTHERS_OFF, SCAN_INTERVAL_CSGO="10", SCAN_INTERVAL_RUST="10")
    market.start()
    market.spawn("worker", "worker 2", port=0)
    market.spawn("beat", "beat 2", port=0)
    everything_is_told_once(market)
    eventually("some more scans", lambda: market.scans_done() >= 6)
    gaps = market.rows(
        "SELECT extract(epoch FROM planned_at - lag(planned_at) OVER (PARTITION BY game ORDER BY planned_at)) AS gap "
        "FROM scan_runs"
    )
    traffic = next(iter(market.exchange("traffic").values()))

    assert min(row["gap"] for row in gaps if row["gap"] is not None) >= 7
    assert market.count("SELECT count(*) FROM scan_batches WHERE attempts > 1") == 0
    assert {group: flow["rejected"] for group, flow in traffic.items()} == dict.fromkeys(traffic, 0)
    asked = market.exchange("requests?since=0")["requests"]
    for group, limit in LIMITS.items():
        moments = [row["time"] for row in asked if row["group"] == group]
        assert most_in_a_rolling_second(moments, SECOND) <= limit, group
