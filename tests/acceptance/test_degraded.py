"""Outages of whole parts: shown on /ready, /metrics and /status while they last, gone by themselves afterwards.

The tests share one market, one after the other; each begins and ends with everything well.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import redis
import requests

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from tests.acceptance.conftest import a_market
from tests.acceptance.market import CHAT, Market, eventually

pytestmark = pytest.mark.timeout(240)

ONE_GAME = ("--titles", "rust=400", "--planted-per-game", "6", "--latency-ms", "5")
OTHERS_OFF = {f"SCAN_INTERVAL_{game}": "0" for game in ("CSGO", "DOTA2", "TF2")}
NOTICED, OVER = 60.0, 60.0  # seconds until an outage shows and until nothing of it shows any more


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """One game, scanned every eight seconds, with every planted deal told."""
    data = tmp_path_factory.mktemp("degraded") / "run"
    with ProcessFamily(data) as family:
        market = a_market(family, data, *ONE_GAME, **OTHERS_OFF, SCAN_INTERVAL_RUST="8")
        market.start()
        eventually("every deal is told", lambda: not market.untold())
        yield market


@pytest.fixture
def market(running: Market) -> Iterator[Market]:
    eventually("all is well before", lambda: all_is_well(running), OVER)
    yield running
    running.exchange("faults", {"kind": "off"})
    running.telegram("faults", {"kind": "off"})


def ready(market: Market, process: str) -> tuple[int, dict[str, str]]:
    """Status and checks of /ready; 0 while nobody listens."""
    try:
        answer = requests.get(f"http://127.0.0.1:{market.stack.ports.of[process]}/ready", timeout=30)
    except requests.ConnectionError:
        return 0, {}
    return answer.status_code, json.loads(answer.text)


def degraded(market: Market, process: str) -> set[str]:
    """The parts that /metrics shows as failing."""
    lines = requests.get(f"http://127.0.0.1:{market.stack.ports.of[process]}/metrics", timeout=30).text.splitlines()
    shown = (line for line in lines if line.startswith("skinbeat_degraded{") and line.endswith(" 1.0"))
    return {line.split('"')[1] for line in shown}


def unlimited(market: Market) -> None:
    """Forget how much anybody asked for; while Redis is away nobody is limited."""
    with suppress(redis.ConnectionError), redis.Redis.from_url(market.stack.env["CELERY_BROKER_URL"]) as client:
        client.delete("none", *client.scan_iter("skinbeat:telegram:*:user:*"))


def answer(market: Market, command: str, sign: str) -> str:
    """The next answer to a command, known by `sign` among alerts. Who asks may ask as often as this takes."""
    unlimited(market)
    before = len(market.texts())
    market.telegram(f"chats/{CHAT}/say", {"text": command})
    return eventually(f"{command} is answered", lambda: [text for text in market.texts()[before:] if sign in text])[0]


def status(market: Market) -> str:
    return answer(market, "/status", "planned every")


def top(market: Market) -> str:
    return answer(market, "/top", "opportunit")


def told(market: Market, part: str) -> str:
    """What /status says once it speaks of `part`."""
    said: Callable[[], str] = lambda: text if part in (text := status(market)) else ""  # noqa: E731  # asked until true
    return eventually(f"/status speaks of {part!r}", said, NOTICED)


def all_is_well(market: Market) -> bool:
    fine = all(ready(market, process)[0] == 200 and not degraded(market, process) for process in ("worker", "bot"))
    return fine and ready(market, "bot")[1]["data"] == "ok" and "⚠️" not in status(market)


def plant(market: Market) -> None:
    market.exchange("plant", {"game": "rust", "kind": "instant", "level": "boost"})


def test_offers_of_another_shape_mean_that_nothing_can_be_confirmed(market: Market) -> None:
    """Prices are read as ever, so scans go on; what is open may be gone, and alerts come when the shape is back."""
    market.exchange("faults", {"kind": "reshape", "path_contains": "/offers"})
    plant(market)
    eventually("the worker notices", lambda: degraded(market, "worker") == {"offers"}, NOTICED)
    code, checks = ready(market, "worker")
    said, listed = told(market, "offers unreadable"), top(market)
    beside = ready(market, "bot")
    market.exchange("faults", {"kind": "off"})
    eventually("all is well again", lambda: all_is_well(market), OVER)
    eventually("what was missed is told", lambda: not market.untold(), OVER)

    assert code == 503
    assert checks.pop("exchange").startswith("offers: ")
    assert checks == {"database": "ok", "broker": "ok", "redis": "ok", "data": "ok"}
    assert "nothing can be confirmed, alerts pause" in said
    assert "✅ in order" not in said
    assert "may be gone" in listed
    assert beside[0] == 200
    assert "offers since" in beside[1]["data"]


def test_an_exchange_that_is_away_never_reads_as_no_deals(market: Market) -> None:
    """With nothing open either way, /top tells the two apart; what nobody had to read meanwhile is not in trouble."""
    for one in market.exchange("truth")["opportunities"]:
        market.exchange("take", {"offerId": one["offerId"]})
    eventually("nothing is open", lambda: "No open opportunity right now." in top(market))
    market.exchange("faults", {"kind": "error500"})
    said, listed = told(market, "DMarket: prices unreadable"), top(market)
    code = ready(market, "worker")[0]
    market.exchange("faults", {"kind": "off"})
    eventually("all is well again", lambda: all_is_well(market), OVER)

    assert "no new deal is found" in said
    assert listed.startswith("⚠️ I cannot tell whether there is an opportunity right now.")
    assert "No open opportunity" not in listed
    assert code == 503
    assert top(market).startswith("No open opportunity right now.")


def test_broker_and_rate_budget_that_are_away(market: Market) -> None:
    """Here one server is both; worker and beat name what they miss."""
    market.server("broker").kill()
    eventually("the worker notices", lambda: {"broker", "budget"} <= degraded(market, "worker"), NOTICED)
    code, checks = ready(market, "worker")
    beat, seen_by_beat = ready(market, "beat")[0], eventually("beat too", lambda: degraded(market, "beat"))
    said = told(market, "Message broker: out of reach")
    start_broker(market.data / "broker", market.stack.family)
    eventually("all is well again", lambda: all_is_well(market), OVER)

    assert (code, beat, seen_by_beat) == (503, 503, {"broker"})
    assert checks["broker"].startswith("the broker does not answer: ")
    assert checks["redis"].startswith("the rate budget's Redis does not answer: ")
    assert checks["database"] == "ok"
    assert "Rate budget: out of reach" in said


def test_telegram_that_takes_no_messages(market: Market) -> None:
    """The bot is not ready until an alert gets through."""
    market.telegram("faults", {"kind": "500", "times": 10_000})
    for _ in range(3):
        plant(market)
    eventually("the bot notices", lambda: degraded(market, "bot") == {"telegram"}, NOTICED)
    code, checks = ready(market, "bot")
    market.telegram("faults", {"kind": "off"})
    eventually("all is well again", lambda: all_is_well(market), OVER)

    assert code == 503
    assert checks.pop("telegram") == "Telegram does not take messages"
    assert checks == dict.fromkeys(("database", "polling", "budget", "data"), "ok")


def test_workers_that_are_all_gone(market: Market) -> None:
    """Nobody reports any more, which is the sign itself; the bot goes on and says so."""
    market.processes["worker"].kill()
    said, listed = told(market, "No scanner is running"), top(market)
    shown, (code, checks) = eventually("the bot notices", lambda: degraded(market, "bot")), ready(market, "bot")
    market.spawn("worker")
    eventually("all is well again", lambda: all_is_well(market), OVER)

    assert "nothing is read, alerts pause" in said
    assert "⚠️" in listed
    assert (shown, code) == ({"data"}, 200)
    assert checks["data"].startswith("no worker reports, the last report came 2")
