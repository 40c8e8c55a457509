"""The other reading endpoints: aggregates, bid books, sales, fees and the account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandbox.exchange import wire
from sandbox.exchange.market import Listing, Market
from sandbox.exchange.parameters import game_of, read_cursor, refuse_unsupported, whole, write_cursor
from sandbox.exchange.replies import NOT_FOUND, Call, Reply, bad_exchange, bad_marketplace
from sandbox.exchange.traffic import TITLE_PATH

WALK_PAGE = 1000
MOST_TITLES = 200  # the largest batch a live client is known to send
SALES_PAGE = 20
OPERATIONS = ("Offer", "Target", "")


def _aggregate_body(call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body and its filter."""
    body = call.json()
    wanted = body.get("filter") if isinstance(body, dict) else None
    if not isinstance(wanted, dict):
        raise bad_marketplace("filter is missing; it must be an object with a game")
    return body, wanted


def _wanted_titles(wanted: dict[str, Any]) -> list[str] | None:
    titles = wanted.get("titles") or None
    if titles is not None and not (isinstance(titles, list) and all(isinstance(one, str) for one in titles)):
        raise bad_marketplace("filter.titles must be a list of titles")
    if titles and len(titles) > MOST_TITLES:
        raise bad_marketplace(f"filter.titles has {len(titles)} titles; at most {MOST_TITLES} fit one call")
    return titles


def aggregated_prices(market: Market, call: Call, _now: datetime) -> Reply:
    """Best bid and ask of the titles asked for, or a page of the whole game without any."""
    body, wanted = _aggregate_body(call)
    game = game_of(market, wanted.get("game"), bad_marketplace)
    titles = _wanted_titles(wanted)
    call.asked = titles or ()
    include_p2p = wanted.get("includeP2p", True)
    if not isinstance(include_p2p, bool):
        raise bad_marketplace("filter.includeP2p must be true or false")
    limit = whole(body.get("limit") or WALK_PAGE, "limit", 1, WALK_PAGE, bad_marketplace)
    start = read_cursor(str(body.get("cursor") or ""), bad_marketplace)
    chosen: Sequence[str] = game.order if titles is None else [one for one in titles if one in game.listings]
    rows: list[Listing] = [game.listings[title] for title in chosen[start : start + limit]]
    cursor = write_cursor(start + limit) if start + limit < len(chosen) else ""
    prices = [wire.aggregated_row(listing, include_p2p) for listing in rows]
    return Reply(payload={"aggregatedPrices": prices, "nextCursor": cursor})


def targets_by_title(market: Market, call: Call, now: datetime) -> Reply:
    """The whole bid book of one title; an unknown title has an empty one."""
    game_id, slash, title = call.path.removeprefix(TITLE_PATH).partition("/")
    if not slash or not title or "/" in title:
        return NOT_FOUND
    game = game_of(market, game_id, bad_marketplace)
    listing = game.listings.get(title)
    bids = sorted(game.book(listing, now).bids, key=lambda bid: bid.price, reverse=True) if listing else []
    return Reply(payload={"orders": [wire.target_row(game, title, bid) for bid in bids]})


def last_sales(market: Market, call: Call, now: datetime) -> Reply:
    """Sales of one title, newest first, at most twenty a call."""
    if not call.one("gameId"):
        raise bad_exchange("gameId is missing", "GameIDRequired")
    if not call.one("title"):
        raise bad_exchange("title is missing", "TitleRequired")
    game = game_of(market, call.one("gameId"), bad_exchange)
    refuse_unsupported(call, "filters", bad_exchange)
    limit = whole(call.one("limit", str(SALES_PAGE)), "limit", 1, SALES_PAGE, bad_exchange)
    offset = whole(call.one("offset", "0"), "offset", 0, None, bad_exchange)
    kinds = set(call.every.get("txOperationType", ()))
    if kinds - set(OPERATIONS):
        raise bad_exchange(f"txOperationType is {sorted(kinds)}; it must be Offer, Target or empty")
    listing = game.listings.get(call.one("title"))
    sales = game.book(listing, now).sales if listing else []
    fitting = [sale for sale in sales if not kinds - {""} or sale.operation in kinds]
    rows = [wire.sale_row(game.game.key, sale) for sale in fitting[offset : offset + limit]]
    return Reply(payload={"sales": rows})


def customized_fees(market: Market, call: Call, _now: datetime) -> Reply:
    """The default fee and a page of reduced rows; P2P offers have no reduced ones."""
    game = game_of(market, call.one("gameId") or call.one("gameID"), bad_exchange)
    limit = whole(call.one("limit", "10"), "limit", 1, None, bad_exchange)
    offset = whole(call.one("offset", "0"), "offset", 0, None, bad_exchange)
    kind = call.one("offerType", "dmarket")
    if kind not in ("dmarket", "p2p"):
        raise bad_exchange(f"offerType is {kind!r}; it must be dmarket or p2p")
    rows = list(game.fees.reduced.values()) if kind == "dmarket" else []
    return Reply(payload=wire.fee_list(game.fees, rows[offset : offset + limit]))


def balance(_market: Market, _call: Call, _now: datetime) -> Reply:
    return Reply(payload=wire.BALANCE)


def user(_market: Market, call: Call, now: datetime) -> Reply:
    return Reply(payload=wire.user_account(call.account, now))
