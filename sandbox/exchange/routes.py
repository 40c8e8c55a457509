"""Which method and path is answered by what: current, retired or unknown."""

from collections.abc import Callable
from datetime import datetime

from sandbox.exchange import endpoints
from sandbox.exchange.listing import market_offers
from sandbox.exchange.market import Market
from sandbox.exchange.replies import Call, Reply
from sandbox.exchange.traffic import TITLE_PATH

Handler = Callable[[Market, Call, datetime], Reply]

HANDLERS: dict[tuple[str, str], Handler] = {
    ("POST", "/marketplace-api/v1/aggregated-prices"): endpoints.aggregated_prices,
    ("GET", "/marketplace-api/v2/offers"): market_offers,
    ("GET", "/trade-aggregator/v1/last-sales"): endpoints.last_sales,
    ("GET", "/exchange/v1/customized-fees"): endpoints.customized_fees,
    ("GET", "/account/v1/balance"): endpoints.balance,
    ("GET", "/account/v1/user"): endpoints.user,
}
RETIRED = frozenset(
    {
        ("GET", "/exchange/v1/market/items"),
        ("GET", "/exchange/v1/offers-by-title"),
        ("GET", "/exchange/v1/user/items"),
        ("GET", "/exchange/v1/user/offers"),
        ("GET", "/marketplace-api/v1/user-offers"),
        ("POST", "/marketplace-api/v1/user-offers/create"),
        ("POST", "/marketplace-api/v1/user-offers/edit"),
        ("GET", "/marketplace-api/v1/user-targets"),
        ("GET", "/marketplace-api/v1/user-inventory"),
        ("DELETE", "/exchange/v1/offers"),
        ("GET", "/price-aggregator/v1/aggregated-prices"),
    }
)


def is_retired(method: str, path: str) -> bool:
    return (method, path) in RETIRED


def handler_for(method: str, path: str) -> Handler | None:
    """The handler of a current method, None for an unknown one; `path` is decoded."""
    if method == "GET" and path.startswith(TITLE_PATH):
        return endpoints.targets_by_title
    return HANDLERS.get((method, path))
