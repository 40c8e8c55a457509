"""What subscribers live through, over whole processes: worker, beat and two bots on simulated services.

All tests of this folder share one running system; each has people and deals of its own, and takes both away at its end.
"""

from collections.abc import Iterator

import pytest

from sandbox.runner.environment import Ports
from sandbox.servers.children import ProcessFamily
from tests.acceptance.conftest import a_market
from tests.acceptance.day.town import BOTS, Town, driving, log, numbers
from tests.acceptance.market import Market, eventually
from tests.integration.bot.telegram import Telegram

ONE_GAME = ("--titles", "csgo=0,dota2=0,tf2=0,rust=900", "--planted-per-game", "6", "--latency-ms", "5")
SCANS = {"SCAN_INTERVAL_RUST": "2", **{f"SCAN_INTERVAL_{game}": "0" for game in ("CSGO", "DOTA2", "TF2")}}
chats = numbers()


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Everything up, every title read once, no deal open: the tests lay out their own."""
    data = tmp_path_factory.mktemp("day")
    with ProcessFamily(data) as family:
        market = a_market(family, data, *ONE_GAME, **SCANS)
        for row in market.exchange("truth")["opportunities"]:
            market.exchange("take", {"offerId": row["offerId"]})
        for process in ("worker", "beat", "bot"):
            market.spawn(process)
        market.spawn("bot", "bot 2", port=Ports.free().of["bot"])
        eventually("both bots are ready", lambda: all('"ready"' in log(market, bot) for bot in BOTS))
        eventually("the market was read", market.scans_done)
        yield market


@pytest.fixture(scope="package")
def telegram(running: Market) -> Iterator[Telegram]:
    driver = driving(running)
    yield driver
    driver.close()


@pytest.fixture
def town(running: Market, telegram: Telegram) -> Iterator[Town]:
    town = Town(running, telegram, chats)
    yield town
    town.leave()
