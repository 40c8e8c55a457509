"""The endpoints we call, as data: what they are named in metrics, where they are, and which limit they use up."""

from dataclasses import dataclass
from enum import StrEnum

from dmarket.budget import Group


class Method(StrEnum):
    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`reads` says that a call changes nothing at the exchange, so it may be repeated."""

    name: str
    method: Method
    path: str
    group: Group
    reads: bool


AGGREGATED_PRICES = Endpoint(
    "aggregated_prices", Method.POST, "/marketplace-api/v1/aggregated-prices", Group.OTHER, reads=True
)
OFFERS = Endpoint("offers", Method.GET, "/marketplace-api/v2/offers", Group.MARKET_ITEMS, reads=True)
BIDS = Endpoint("bids", Method.GET, "/marketplace-api/v1/targets-by-title/{game}/{title}", Group.OTHER, reads=True)
SALES = Endpoint("sales", Method.GET, "/trade-aggregator/v1/last-sales", Group.LAST_SALES, reads=True)
FEES = Endpoint("fees", Method.GET, "/exchange/v1/customized-fees", Group.FEES, reads=True)
BALANCE = Endpoint("balance", Method.GET, "/account/v1/balance", Group.OTHER, reads=True)
USER = Endpoint("user", Method.GET, "/account/v1/user", Group.OTHER, reads=True)
