"""The limits of one listing query."""

import pytest

from sandbox.exchange.exchange import build_market
from sandbox.exchange.listing import market_offers
from sandbox.exchange.market import Market
from sandbox.exchange.options import Options
from sandbox.exchange.parameters import read_cursor, write_cursor
from sandbox.exchange.replies import Call, bad_marketplace
from tests.unit.sandbox.markets import NOW


@pytest.fixture(scope="module")
def large() -> Market:
    return build_market(Options(titles={"rust": 2000}), NOW)


def page(market: Market, offset: int) -> dict[str, str]:
    query = f"gameId=rust&limit=100&cursor={write_cursor(offset).replace('=', '%3D')}"
    payload: dict[str, str] = market_offers(market, Call("GET", "/", query, b""), NOW).payload
    return payload


def test_one_query_yields_ten_thousand_offers_at_most(large: Market) -> None:
    """The cursor ends there although the total goes on."""
    before, last = page(large, 9_800), page(large, 9_900)

    assert int(last["total"]) > 10_000
    assert read_cursor(before["cursor"], bad_marketplace) == 9_900
    assert last["cursor"] == ""
