"""Valid answers to mutate: those of the simulated exchange, and those printed in the exchange's documents."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from dmarket.answers import read_answer
from dmarket.client import Exchange
from dmarket.connections import Answer
from dmarket.endpoints import Endpoint
from domain.games import GAMES
from sandbox.exchange.exchange import build_market
from sandbox.exchange.options import Options
from sandbox.exchange.replies import Call
from sandbox.exchange.routes import handler_for
from tests.unit.dmarket.samples import bid_row, fee_list, fee_row, offer_row, price_row, sale_row

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GAME = GAMES["csgo"]
TITLES = 300
PAST = -1.0  # a deadline that leaves no time for another try

Asking = Callable[[Exchange, Sequence[str], float], Any]


@dataclass(frozen=True)
class Sample:
    """One whole answer of an endpoint, who asks for it, and which titles were asked for."""

    kind: str
    document: Any
    titles: tuple[str, ...]


# Each takes the client, the titles to ask for, and the deadline.
ASKING: dict[str, Asking] = {
    "prices": lambda exchange, titles, deadline: exchange.aggregated_prices(GAME, titles, deadline=deadline),
    "catalogue": lambda exchange, _titles, deadline: exchange.catalogue_page(GAME, "", deadline=deadline),
    "offers": lambda exchange, titles, deadline: exchange.offers(GAME, titles[0], deadline=deadline),
    "bids": lambda exchange, titles, deadline: exchange.bids(GAME, titles[0], deadline=deadline),
    "sales": lambda exchange, titles, deadline: exchange.sales(GAME, titles[0], now=NOW, deadline=deadline),
    "fees": lambda exchange, _titles, deadline: exchange.fees(GAME, deadline=deadline),
    "balance": lambda exchange, _titles, deadline: exchange.balance(deadline=deadline),
    "user": lambda exchange, _titles, deadline: exchange.user(deadline=deadline),
}


class Canned:
    """Stands where the transport stands and reads prepared bytes the way it does, without the time a socket takes.

    The first call gets the first body and so on; the last one answers all further pages.
    """

    def __init__(self, bodies: Sequence[bytes], kind: str = "application/json") -> None:
        self._bodies = list(bodies)
        self._headers = {"Content-Type": kind}

    def call(self, endpoint: Endpoint, **_asked: object) -> object:
        body = self._bodies.pop(0) if len(self._bodies) > 1 else self._bodies[0]
        return read_answer(endpoint.name, Answer(200, self._headers, body, 0.1, 0.0), NOW)


def ask(kind: str, titles: Sequence[str], bodies: Sequence[bytes]) -> Any:
    """What the client makes of these bodies; raises what it raises."""
    exchange = Exchange(Canned(bodies))
    return ASKING[kind](exchange, titles, PAST)


@cache
def samples() -> tuple[Sample, ...]:
    """Several answers of each kind, always the same."""
    return (*_simulated(), *_documented())


def _documented() -> list[Sample]:
    title, knife = str(price_row()["title"]), str(bid_row()["title"])
    return [
        Sample("prices", {"aggregatedPrices": [price_row()], "nextCursor": ""}, (title,)),
        Sample("offers", {"items": [offer_row()], "total": "1", "cursor": ""}, (title,)),
        Sample("bids", {"orders": [bid_row(), bid_row(price="90000", amount="2")]}, (knife,)),
        Sample("sales", {"sales": [sale_row(), sale_row(price="15.20", date="1784133000")]}, (title,)),
        Sample("fees", fee_list(fee_row()), ()),
    ]


def _simulated() -> list[Sample]:
    market = build_market(Options(titles={"csgo": TITLES, "dota2": 0, "tf2": 0, "rust": 0}), NOW)
    titles = tuple(market.games["csgo"].order[:8])

    def get(path: str, query: dict[str, str] | None = None, body: object = None) -> Any:
        method = "POST" if body else "GET"
        handler = handler_for(method, path)
        assert handler is not None, path
        call = Call(method, path, urlencode(query or {}), json.dumps(body).encode(), account="0" * 64)
        return json.loads(handler(market, call, NOW).body)

    prices = "/marketplace-api/v1/aggregated-prices"
    known = {"game": GAME.exchange_id, "includeP2p": False}
    found = [
        Sample("prices", get(prices, body={"filter": {**known, "titles": titles}, "limit": "8"}), titles),
        Sample("catalogue", get(prices, body={"filter": known, "limit": "20"}), ()),
        Sample("fees", get("/exchange/v1/customized-fees", {"gameId": GAME.exchange_id, "limit": "10"}), ()),
        Sample("balance", get("/account/v1/balance"), ()),
        Sample("user", get("/account/v1/user"), ()),
    ]
    for title in titles[:3]:
        query = {"gameId": GAME.exchange_id, "title": title, "limit": "10"}
        found += [
            Sample("offers", get("/marketplace-api/v2/offers", query), (title,)),
            Sample("sales", get("/trade-aggregator/v1/last-sales", query), (title,)),
            Sample("bids", get(f"/marketplace-api/v1/targets-by-title/{GAME.exchange_id}/{title}"), (title,)),
        ]
    return found
