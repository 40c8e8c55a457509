"""The dealer of the demo, at a real sandbox exchange."""

import pytest

from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from sandbox.runner import deals
from sandbox.runner.deals import Dealer
from sandbox.servers.processes import poll_until


def test_a_dealer_plants_through_the_games_until_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every game gets deals, of both kinds."""
    monkeypatch.setattr(deals, "EVERY", 0.01)
    with serve(Options(titles=dict.fromkeys(("csgo", "dota2", "tf2", "rust"), 200), latency_ms=0)) as exchange:
        before = len(exchange.market.plants)
        dealer = Dealer(exchange.url)
        dealer.start()
        came = poll_until(lambda: len(exchange.market.plants) >= before + 8, 30)
        dealer.stopped.set()
        new = exchange.market.plants[before:]

    assert came
    assert {plant.game for plant in new} == {"csgo", "dota2", "tf2", "rust"}
    assert {plant.exit for plant in new} == {"instant", "patient"}
