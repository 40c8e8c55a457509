"""GET v2/offers: the live listing of a title prefix."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.exchange.market import GameMarket, Listing, Market, Offer
from sandbox.exchange.parameters import game_of, one_of, read_cursor, refuse_unsupported, whole, write_cursor
from sandbox.exchange.replies import Call, Reply, bad_marketplace
from sandbox.exchange.wire import discount, offer_item

PAGE = 100
MOST = 10_000  # offers one query ever yields (docs/exchange-api.md, Offers)
ORDERS = ("", "price", "title", "float", "createdAt", "discount")
TYPES = ("dmarket", "p2p", "all")
BOOLEANS = ("false", "true")
Row = tuple[Listing, Offer]


@dataclass(frozen=True, slots=True)
class OfferQuery:
    """Prices in cents, both ends included."""

    title: str
    price_from: int
    price_to: int | None
    kind: str
    order: str
    descending: bool
    offset: int
    limit: int


def read_query(call: Call) -> OfferQuery:
    """Raises RefusedError on anything that the exchange does not allow (docs/exchange-api.md, Offers)."""
    kind = one_of(call, "offerType", TYPES, bad_marketplace)
    online = one_of(call, "onlineSellersOnly", BOOLEANS, bad_marketplace)
    if online == "true" and kind != "p2p":
        raise bad_marketplace("onlineSellersOnly needs offerType=p2p")
    one_of(call, "withImages", BOOLEANS, bad_marketplace)
    refuse_unsupported(call, "treeFilters", bad_marketplace)
    price_to = call.one("priceTo")
    return OfferQuery(
        title=call.one("title"),
        price_from=whole(call.one("priceFrom", "0"), "priceFrom", 0, None, bad_marketplace),
        price_to=whole(price_to, "priceTo", 0, None, bad_marketplace) if price_to else None,
        kind=kind,
        order=one_of(call, "orderBy", ORDERS, bad_marketplace),
        descending=one_of(call, "orderDir", ("asc", "desc"), bad_marketplace) == "desc",
        offset=read_cursor(call.one("cursor"), bad_marketplace),
        limit=whole(call.one("limit"), "limit", 1, PAGE, bad_marketplace),
    )


def _matching(market: GameMarket, query: OfferQuery, now: datetime) -> Iterable[Row]:
    titles = market.starting_with(query.title) if query.title else market.order
    for title in titles:
        listing = market.listings[title]
        for offer in market.book(listing, now).offers:
            high_enough = offer.price >= query.price_from
            low_enough = query.price_to is None or offer.price <= query.price_to
            if query.kind in ("all", offer.kind) and high_enough and low_enough:
                yield listing, offer


def _sort_key(order: str, row: Row) -> Any:
    listing, offer = row
    return {
        "price": offer.price,
        "title": listing.title,
        "float": offer.asset.float_value,
        "createdAt": offer.created_at,
        "discount": discount(offer.price, listing.floor),
    }[order]


def market_offers(market: Market, call: Call, now: datetime) -> Reply:
    """One page of offers with the total and the cursor of the next page, "" on the last."""
    game, query = game_of(market, call.one("gameId"), bad_marketplace), read_query(call)
    rows = list(_matching(game, query, now))
    if query.order:
        rows.sort(key=lambda row: _sort_key(query.order, row), reverse=query.descending)
    end = query.offset + query.limit
    cursor = write_cursor(end) if end < min(len(rows), MOST) else ""
    items = [offer_item(game, listing, offer) for listing, offer in rows[query.offset : end]]
    return Reply(payload={"items": items, "total": str(len(rows)), "cursor": cursor})
