"""How offers are found, ordered and paged, and how a whole game is walked."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.sandbox_exchange.client import OFFERS, Client


def prices(client: Client, **query: object) -> list[int]:
    return [int(item["priceCents"]) for item in client.get(OFFERS, **query).json["items"]]


def test_a_title_is_a_prefix_in_any_case(shared: Client) -> None:
    """The longer twin is found with it."""
    trap = next(one for one in shared.exchange.market.traps if (one.game, one.kind) == ("rust", "prefix_twin"))

    items = shared.get(OFFERS, gameId="rust", title=trap.title.upper(), limit=100).json["items"]

    assert {trap.title, f"{trap.title} Blueprint"} == {item["attributes"]["title"] for item in items}


SORT_KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "price": lambda item: int(item["priceCents"]),
    "title": lambda item: item["attributes"]["title"],
    "float": lambda item: item["attributes"]["cs2"]["float"],
    "createdAt": lambda item: item["createdAt"],
    "discount": lambda item: item["discountPercent"],
}


@pytest.mark.parametrize("order", SORT_KEYS)
def test_offers_are_ordered_both_ways(shared: Client, order: str) -> None:
    """Ascending unless told otherwise."""
    query = {"gameId": "a8db", "title": "StatTrak", "limit": 100, "orderBy": order}

    up, down = (
        [SORT_KEYS[order](item) for item in shared.get(OFFERS, **query, orderDir=way).json["items"]]
        for way in ("asc", "desc")
    )

    assert sorted(up) == up
    assert sorted(down, reverse=True) == down
    assert up[0] < down[0]


def test_a_price_range_includes_its_ends(shared: Client) -> None:
    """In cents."""
    all_prices = prices(shared, gameId="rust", limit=100, orderBy="price")
    low, high = all_prices[10], all_prices[60]

    found = prices(shared, gameId="rust", limit=100, orderBy="price", priceFrom=low, priceTo=high)

    assert [price for price in all_prices if low <= price <= high] == found


def test_p2p_offers_are_found_only_when_asked_for(shared: Client) -> None:
    """The default is what a bot holds; other games have none."""
    trap = next(one for one in shared.exchange.market.traps if one.kind == "p2p_only_ask")
    query = {"gameId": "a8db", "title": trap.title, "limit": 100}

    kinds = {
        kind: [item["offerType"] for item in shared.get(OFFERS, **query, offerType=kind).json["items"]]
        for kind in ("dmarket", "p2p", "all")
    }

    assert kinds["p2p"] == ["p2p"]
    assert {"dmarket"} == set(kinds["dmarket"])
    assert len(kinds["all"]) == len(kinds["dmarket"]) + 1
    assert prices(shared, gameId="rust", limit=100, offerType="p2p") == []
    assert shared.get(OFFERS, **query, offerType="p2p", onlineSellersOnly="true").status == 200


def test_paging_yields_every_offer_once(shared: Client) -> None:
    """Until the cursor is empty; the cursor is standard base64."""
    seen, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        page = shared.get(OFFERS, gameId="rust", limit=100, orderBy="price", cursor=cursor).json
        seen += [item["offerId"] for item in page["items"]]
        cursor, pages = page["cursor"], pages + 1
        b64decode(cursor, validate=True)

    assert pages > 2
    assert int(page["total"]) == len(seen) == len(set(seen))


@pytest.mark.parametrize("game", ["a8db", "rust"])
def test_a_walk_yields_every_title_once(shared: Client, game: str) -> None:
    """Page by page to an empty cursor."""
    titles, cursor, first = [], "", True
    while first or cursor:
        page = shared.aggregates(game, limit=100, cursor=cursor).json
        titles += [row["title"] for row in page["aggregatedPrices"]]
        cursor, first = page["nextCursor"], False

    market = shared.exchange.market.by_exchange_id(game)
    assert market is not None
    assert market.order == titles


def test_a_page_is_a_thousand_at_most_by_itself(shared: Client) -> None:
    """Small games come whole."""
    page = shared.aggregates("9a92").json

    assert len(page["aggregatedPrices"]) == 251
    assert page["nextCursor"] == ""
