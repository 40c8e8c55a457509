"""The promise of the product over whole processes: every planted deal is told once, no trap ever."""

import pytest

from tests.acceptance.conftest import MarketFactory
from tests.acceptance.market import eventually, nothing_left

pytestmark = pytest.mark.timeout(180)


def test_each_game_yields_exactly_the_planted_opportunities_each_once(open_market: MarketFactory) -> None:
    """A chat that only said /start has a first alert within 20 s, every planted deal within a minute, no trap."""
    market = open_market(
        SCAN_INTERVAL_CSGO="12", SCAN_INTERVAL_DOTA2="12", SCAN_INTERVAL_TF2="12", SCAN_INTERVAL_RUST="12"
    )
    market.start()
    eventually("the first alert", market.alerted, 20)
    nothing_left("opportunities not told", market.untold)
    done = market.scans_done()
    eventually("every game is scanned twice more", lambda: market.scans_done() >= done + 8)
    eventually("all that was nominated is verified", lambda: not market.count("SELECT count(*) FROM nominees"))
    told = market.alerted()

    assert set(told) == market.planted()
    assert set(told.values()) == {1}
    assert not {title for title, _ in told} & market.traps()
    assert market.count("SELECT count(*) FROM alerts WHERE state <> 'sent'") == 0
    assert {row["game"] for row in market.rows("SELECT DISTINCT game FROM opportunities")} == {
        "csgo",
        "dota2",
        "tf2",
        "rust",
    }
    assert market.exchange("traffic")  # the exchange saw us through its own eyes
