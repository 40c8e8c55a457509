"""What the log tells of deals, so that a deal's way to a message can be measured from outside."""

import time
from typing import Any

from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from tests.integration.sandbox_exchange.client import IDS, OFFERS, SALES, Client


def rows_since(client: Client, number: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/_sandbox/requests", since=number).json["requests"]
    return rows


def test_each_read_of_a_deal_names_it(fresh: Client) -> None:
    """Its batch, its offers, its bids and its sales; other titles are not named, and nothing is before it is true."""
    title = fresh.post("/_sandbox/plant", {"game": "rust", "kind": "instant", "level": "boost"}).json["title"]
    other = next(one for one in fresh.exchange.market.games["rust"].order if one != title)
    before = fresh.get("/_sandbox/requests").json["next"]
    fresh.aggregates("rust", [other, title])
    fresh.get(OFFERS, gameId="rust", title=title, limit=10)
    fresh.bids(IDS["rust"], title)
    fresh.get(SALES, gameId="rust", title=title)
    fresh.get(SALES, gameId="rust", title=f"not {title}")

    assert [row["deals"] for row in rows_since(fresh, before)] == [[title]] * 4 + [[]]


def test_a_deal_that_was_taken_is_none_any_more(fresh: Client) -> None:
    """The log tells what was true when the call came."""
    deal = fresh.post("/_sandbox/plant", {"game": "rust", "kind": "patient", "level": "pro"}).json
    before = fresh.get("/_sandbox/requests").json["next"]
    fresh.aggregates("rust", [deal["title"]])
    fresh.post("/_sandbox/take", {"offerId": deal["offerId"]})
    fresh.aggregates("rust", [deal["title"]])

    assert [row["deals"] for row in rows_since(fresh, before)] == [[deal["title"]], []]


def test_an_answer_is_timed_when_it_is_given() -> None:
    """After the exchange's latency, by the clock of the machine, between asking and having it."""
    with serve(Options(titles={"rust": 200}, latency_ms=60, tick_seconds=0)) as exchange:
        client = Client(exchange)
        asked = time.time()
        client.aggregates("rust", ["a"])
        had = time.time()

        (row,) = rows_since(client, 0)

    assert asked <= row["time"] < row["answered"] <= had
    assert row["answered"] - row["time"] >= 0.06
