"""`make test-alerts`: the shipped rules over real processes; stopping the workers reaches the operator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.servers.children import ProcessFamily
from tests.acceptance.conftest import a_market
from tests.acceptance.market import CHAT, Market, eventually
from tests.deploy.watching import Chat, Receiver, Watching, hurried, load, obstacle

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(obstacle() is not None, reason=f"not tested: {obstacle()}"),  # real servers are the point
]

ONE_GAME = ("--titles", "rust=400", "--planted-per-game", "6", "--latency-ms", "5")
OTHERS_OFF = {f"SCAN_INTERVAL_{game}": "0" for game in ("CSGO", "DOTA2", "TF2")}


@pytest.fixture
def family(tmp_path: Path) -> Iterator[ProcessFamily]:
    with ProcessFamily(tmp_path / "run") as family:
        yield family


@pytest.fixture
def market(family: ProcessFamily, tmp_path: Path) -> Market:
    """One game at work; its only chat is the operator's."""
    market = a_market(family, tmp_path / "run", *ONE_GAME, **OTHERS_OFF, SCAN_INTERVAL_RUST="8")
    market.start()
    eventually("a deal is told", market.alerted)
    return market


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_stopped_workers_reach_the_operator_and_so_does_their_return(
    market: Market, family: ProcessFamily, receiver: Receiver, tmp_path: Path
) -> None:
    """By webhook and in the operator's own chat; what only follows from it is not told beside it."""
    watching = Watching(family, tmp_path)
    chat = Chat(market.stack.env["TELEGRAM_BOT_TOKEN"], CHAT, market.stack.telegram or "")
    watching.start(market.stack.ports.of, receiver.url, chat)
    eventually("all are scraped", lambda: watching.query("up == 1").keys() >= {"worker", "beat", "bot"})
    eventually("titles are told", lambda: watching.query("skinbeat_title_age_seconds"))
    before = watching.query('ALERTS{alertname="WorkersGone"}')

    market.processes["worker"].kill()  # one that drains answers for some seconds more, and here a second is a minute
    eventually("the webhook hears of it", lambda: receiver.told("WorkersGone", "firing"))
    eventually("the chat hears of it", lambda: [text for text in market.texts() if "No worker answers" in text])
    eventually("it follows that nothing is read", lambda: watching.query('ALERTS{alertname="StateUnknown"}'))
    beside = receiver.told("StateUnknown", "firing")
    market.spawn("worker")
    eventually("the webhook hears of the return", lambda: receiver.told("WorkersGone", "resolved"))

    assert before == {}
    assert not beside
    assert not receiver.told("Watchdog", "firing")


def test_the_rules_that_are_tested_are_the_shipped_ones() -> None:
    """Nothing but the patience differs: the same alerts, the same expressions."""
    ours, shipped = hurried(load("monitoring/alerts.yml")), load("monitoring/alerts.yml")
    pairs = [
        (one, other)
        for here, there in zip(ours["groups"], shipped["groups"], strict=True)
        for one, other in zip(here["rules"], there["rules"], strict=True)
    ]

    assert pairs
    assert all({**one, "for": ""} == {**other, "for": ""} for one, other in pairs)
