"""The metrics of a whole market at work, through an outage and back: each moves, and there are not too many."""

import time
from collections.abc import Iterator
from itertools import chain

import pytest
import requests
from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.samples import Sample

from domain.games import GAMES
from domain.levels import LEVELS
from sandbox.servers.children import ProcessFamily
from sandbox.servers.ports import free_port
from tasks.queues import Queue, TaskName
from telemetry import metrics
from telemetry.readings import Reading
from tests.acceptance.conftest import a_market
from tests.acceptance.day.town import driving
from tests.acceptance.market import CHAT, Market, eventually
from tests.integration.bot.telegram import Person
from tests.integration.monitoring.samples import samples

pytestmark = pytest.mark.timeout(300)

ONE_GAME = ("--titles", "rust=400", "--planted-per-game", "6", "--latency-ms", "5")
OTHERS_OFF = {f"SCAN_INTERVAL_{game}": "0" for game in ("CSGO", "DOTA2", "TF2")}
PROCESSES = ("worker", "beat", "bot")
MOST_SERIES = 1_200  # of all processes together, the library's own included
BOUNDED: dict[str, set[str]] = {
    "game": set(GAMES),
    "level": set(LEVELS),
    "queue": set(Queue),
    "task": set(TaskName),
    "percentile": {"50", "95"},
    "edge": {"oldest", "newest"},
    "kind": {"batch", "nominee", "walk"},
    "method": {"GET", "POST"},
    "pool": {"dmarket", "worker", "bot"},
}


def told(market: Market, process: str) -> list[Sample]:
    url = f"http://127.0.0.1:{market.stack.ports.of[process]}/metrics"
    return samples(requests.get(url, timeout=30).text)


def told_by_all(market: Market) -> list[Sample]:
    return list(chain.from_iterable(told(market, process) for process in PROCESSES))


def moved(market: Market) -> set[str]:
    """The names with a sample that is not 0."""
    return {sample.name for sample in told_by_all(market) if sample.value}


def wanted() -> Iterator[str]:
    """One name of each metric of the code, as it is told."""
    for metric in vars(metrics).values():
        if isinstance(metric, Reading):
            yield metric.name
        elif isinstance(metric, MetricWrapperBase):
            end = "_total" if isinstance(metric, Counter) else "_count" if isinstance(metric, Histogram) else ""
            yield metric._name + end


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """One game, every planted deal told, then an outage of the exchange that is over."""
    data = tmp_path_factory.mktemp("monitored") / "run"
    with ProcessFamily(data) as family:
        market = a_market(family, data, *ONE_GAME, **OTHERS_OFF, SCAN_INTERVAL_RUST="8")
        market.start()
        eventually("every deal is told", lambda: not market.untold())
        market.exchange("faults", {"kind": "error500"})
        eventually("the outage shows", lambda: "skinbeat_degraded" in moved(market))
        market.exchange("faults", {"kind": "off"})
        unrest(market)
        yield market


def unrest(market: Market) -> None:
    """What a quiet market has no cause for: 429 of both sides, a deal that is gone, a reader who says so, haste."""
    gone = market.exchange("truth")["opportunities"][0]["offerId"]
    market.exchange("take", {"offerId": gone})
    eventually("the message is struck out", lambda: "skinbeat_alert_edits_total" in moved(market))
    market.exchange("faults", {"kind": "429_bare"})
    eventually("calls are stopped", lambda: {"skinbeat_budget_blocks_total"} <= moved(market))
    eventually("calls get no permit", lambda: "skinbeat_budget_refused_total" in moved(market))
    market.exchange("faults", {"kind": "off"})
    market.telegram("faults", {"kind": "429", "retry_after": 1})

    def hurry() -> bool:
        market.say("/top")
        return "skinbeat_user_limited_total" in moved(market)

    telegram = driving(market)
    reader = Person(telegram, CHAT)
    reader.presses("Gone")
    eventually("the reader's word is counted", lambda: "skinbeat_feedback_total" in moved(market))
    eventually("haste is held up", hurry)
    eventually("Telegram refuses", lambda: "skinbeat_telegram_refused_total" in moved(market))
    telegram.close()


# 0 is what these should be on a well market.
WELL_AT_0 = {"skinbeat_game_paused", "skinbeat_degraded", "skinbeat_webhook"}
OFTEN_0 = {  # waiting work is gone in an instant, so a scrape sees 0
    "skinbeat_work_waiting",
    "skinbeat_work_oldest_seconds",
    "skinbeat_outbox_alerts",
    "skinbeat_outbox_oldest_seconds",
    "skinbeat_queue_messages",
    "skinbeat_queue_oldest_seconds",
    "skinbeat_database_connections",
    "connection_pool_size",
}


def test_every_metric_is_told_and_moves(market: Market) -> None:
    """None was forgotten in the code, none counts something that never happens."""
    names = set(wanted())
    seen: set[str] = set()

    def missing() -> set[str]:
        seen.update(moved(market))
        return names - seen - WELL_AT_0 - OFTEN_0

    ends = time.monotonic() + 90
    while missing() and time.monotonic() < ends:
        time.sleep(0.5)  # between two looks at the condition
    there = {sample.name for sample in told_by_all(market)}

    assert missing() == set()
    assert names - there == set()


def test_labels_come_from_bounded_sets(market: Market) -> None:
    """No title, no chat, no offer; the number of series does not grow with the market."""
    market.say("/top")
    found = told_by_all(market)
    ours = [sample for sample in found if not sample.name.startswith(("python_", "process_", "flower_"))]
    titles = {row["title"] for row in market.rows("SELECT title FROM items")}
    values = {value for sample in ours for value in sample.labels.values()}

    assert len(found) < MOST_SERIES
    assert not values & titles
    assert str(CHAT) not in values
    assert all(len(value) <= 40 for value in values)
    for sample in ours:
        for label, value in sample.labels.items():
            assert value in BOUNDED.get(label, {value}), sample


def test_one_worker_of_two_reads_for_all(market: Market) -> None:
    """Whichever holds the lock; when it ends, the other one takes over."""
    port = free_port()
    market.spawn("worker", "second", port)
    url = f"http://127.0.0.1:{port}/metrics"

    def second_tells() -> bool:
        return any(sample.name == "skinbeat_titles" for sample in samples(requests.get(url, timeout=30).text))

    def second_is_up() -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{port}/health", timeout=30).ok
        except requests.ConnectionError:
            return False

    eventually("the second one is up", second_is_up)
    both = second_tells()
    market.processes["worker"].kill()
    eventually("the second one reads", second_tells)

    assert not both
