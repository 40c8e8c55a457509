"""What is refused, how, and in which family's words (docs/exchange-api.md, Errors)."""

from typing import Any

import pytest

from sandbox.exchange.routes import RETIRED
from tests.integration.sandbox_exchange.client import AGGREGATES, FEES, OFFERS, SALES, Client

UNAUTHORIZED = {"Code": "Unauthorized", "Message": "Unauthorized"}


@pytest.mark.parametrize(
    "query",
    [
        {"gameId": "a8db"},
        {"gameId": "a8db", "limit": 0},
        {"gameId": "a8db", "limit": 101},
        {"gameId": "csgo", "limit": 1},
        {"limit": 1},
        {"gameId": "a8db", "limit": 1, "onlineSellersOnly": "true"},
        {"gameId": "a8db", "limit": 1, "orderBy": "age"},
        {"gameId": "a8db", "limit": 1, "orderDir": "up"},
        {"gameId": "a8db", "limit": 1, "offerType": "steam"},
        {"gameId": "a8db", "limit": 1, "priceFrom": "1.50"},
        {"gameId": "a8db", "limit": 1, "cursor": "%%%"},
        {"gameId": "a8db", "limit": 1, "cursor": "A" * 501},
        {"gameId": "a8db", "limit": 1, "treeFilters": "exterior=factory new"},
    ],
)
def test_a_bad_listing_query_is_a_runtime_error(shared: Client, query: dict[str, Any]) -> None:
    """400 with a text, gRPC's code 3 and a message."""
    answer = shared.get(OFFERS, **query)

    assert answer.status == 400
    assert {"error", "code", "message"} == set(answer.json)
    assert answer.json["code"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"filter": {"game": "steam"}},
        {"filter": {"game": "rust", "titles": "AK"}},
        {"filter": {"game": "rust", "titles": ["x"] * 201}},
        {"filter": {"game": "rust", "includeP2p": "no"}},
        {"filter": {"game": "rust"}, "limit": 1001},
        {"filter": {"game": "rust"}, "cursor": "e30="},
        [],
    ],
)
def test_a_bad_aggregate_body_is_a_runtime_error(shared: Client, body: Any) -> None:
    """Whatever is wrong with it."""
    answer = shared.post(AGGREGATES, body)

    assert (answer.status, answer.json["code"]) == (400, 3)


def test_a_body_that_is_no_json_is_refused(shared: Client) -> None:
    """Signed or not, it is not understood."""
    answer = shared.send("POST", AGGREGATES, b"{")

    assert (answer.status, answer.json["message"]) == (400, "the body is not JSON")


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (SALES, {"title": "x"}, "GameIDRequired"),
        (SALES, {"gameId": "a8db"}, "TitleRequired"),
        (SALES, {"gameId": "cs2", "title": "x"}, "BadRequest"),
        (SALES, {"gameId": "a8db", "title": "x", "limit": 21}, "BadRequest"),
        (SALES, {"gameId": "a8db", "title": "x", "txOperationType": "Order"}, "BadRequest"),
        (SALES, {"gameId": "a8db", "title": "x", "filters": "phase[]=ruby"}, "BadRequest"),
        (FEES, {"gameId": "cs2"}, "BadRequest"),
        (FEES, {"gameId": "a8db", "offset": -1}, "BadRequest"),
        (FEES, {"gameId": "a8db", "offerType": "all"}, "BadRequest"),
    ],
)
def test_a_bad_exchange_query_names_its_code(shared: Client, path: str, query: dict[str, Any], code: str) -> None:
    """400 with code and message."""
    answer = shared.get(path, **query)

    assert (400, {"code", "message"}, code) == (answer.status, set(answer.json), answer.json["code"])


@pytest.mark.parametrize("path", [f"{OFFERS}?gameId=a8db&limit=1", "/account/v1/user", f"{FEES}?gameId=rust"])
def test_an_unsigned_call_is_unauthorised(shared: Client, path: str) -> None:
    """With capital letters, and without limit headers."""
    answer = shared.send("GET", path, signed=False)

    assert (answer.status, answer.json) == (401, UNAUTHORIZED)
    assert "RateLimit-Limit" not in answer.headers


@pytest.mark.parametrize(("method", "path"), sorted(RETIRED))
def test_a_retired_method_is_gone(shared: Client, method: str, path: str) -> None:
    """410 with JSON, signed or not."""
    assert shared.send(method, path, signed=False).status == 410
    assert shared.send(method, path).json["code"] == "Gone"


@pytest.mark.parametrize("path", ["/", "/marketplace-api/v3/offers", "/marketplace-api/v1/targets-by-title/a8db"])
def test_an_unknown_path_is_not_found(shared: Client, path: str) -> None:
    """404 with JSON."""
    answer = shared.get(path)

    assert (answer.status, answer.json["code"]) == (404, "NotFound")


def test_an_unknown_title_is_empty_everywhere(shared: Client) -> None:
    """It is no error to ask."""
    assert shared.bids("a8db", "No Such Thing").json == {"orders": []}
    assert shared.get(SALES, gameId="a8db", title="No Such Thing").json == {"sales": []}
    assert shared.get(OFFERS, gameId="a8db", title="No Such Thing", limit=1).json == {
        "items": [],
        "total": "0",
        "cursor": "",
    }


def test_a_bid_book_of_an_unknown_game_is_refused(shared: Client) -> None:
    """The exchange's ids count, not our keys."""
    assert shared.bids("csgo", "x").status == 400


def test_a_twice_encoded_title_verifies_and_finds_nothing(shared: Client) -> None:
    """A quirk of the exchange (docs/exchange-api.md, Bids): no error, another title."""
    path = "/marketplace-api/v1/targets-by-title/a8db/%25E2%2598%2585%2520Karambit"

    answer = shared.get(path)

    assert (answer.status, answer.json) == (200, {"orders": []})
