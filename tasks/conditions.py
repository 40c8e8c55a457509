"""What reads say of the exchange and the rate budget: which part works, which fails."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from dmarket import endpoints
from dmarket.client import Exchange
from dmarket.endpoints import Endpoint
from dmarket.errors import BudgetExhausted, BudgetUnavailable, ExchangeError, Incomplete
from dmarket.values import CataloguePage, OfferBook
from domain.conditions import Part
from domain.fees import FeeList
from domain.games import Game
from domain.quotes import AggregatedPrice, Bid, SalesHistory
from telemetry.conditions import conditions

ENOUGH = 3  # failed reads in a row: each was tried several times already, but one title may be at fault

PARTS: Mapping[Endpoint, Part] = MappingProxyType(
    {
        endpoints.AGGREGATED_PRICES: Part.PRICES,
        endpoints.OFFERS: Part.OFFERS,
        endpoints.BIDS: Part.BIDS,
        endpoints.SALES: Part.SALES,
        endpoints.FEES: Part.FEES,
    }
)


class WatchedExchange(Exchange):
    """An Exchange that notes in this process's conditions what each read of the market came to.

    An answer that could as well be a broken one, because it is (half) empty, is no success: whoever asked decides
    whether it makes sense, and `note_senseless` is called where it does not.
    """

    def aggregated_prices(self, game: Game, titles: Sequence[str], **how: Any) -> dict[str, AggregatedPrice]:
        with _noted(endpoints.AGGREGATED_PRICES):
            found = super().aggregated_prices(game, titles, **how)
        if 2 * len(found) >= len(titles):
            _good(Part.PRICES)
        return found

    def catalogue_page(self, game: Game, cursor: str, **how: Any) -> CataloguePage:
        with _noted(endpoints.AGGREGATED_PRICES):
            page = super().catalogue_page(game, cursor, **how)
        _good(Part.PRICES)
        return page

    def offers(self, game: Game, title: str, **how: Any) -> OfferBook:
        with _noted(endpoints.OFFERS):
            book = super().offers(game, title, **how)
        if book.offers:
            _good(Part.OFFERS)
        return book

    def bids(self, game: Game, title: str, **how: Any) -> tuple[Bid, ...]:
        with _noted(endpoints.BIDS):
            bids = super().bids(game, title, **how)
        if bids:
            _good(Part.BIDS)
        return bids

    def sales(self, game: Game, title: str, **how: Any) -> SalesHistory:
        with _noted(endpoints.SALES):
            history = super().sales(game, title, **how)
        if history.sales:
            _good(Part.SALES)
        return history

    def fees(self, game: Game, **how: Any) -> FeeList:
        with _noted(endpoints.FEES):
            listed = super().fees(game, **how)
        _good(Part.FEES)
        return listed


def note_senseless(endpoint: Endpoint, detail: str) -> None:
    """An answer of `endpoint` was well formed and yet impossible."""
    conditions.failed(PARTS[endpoint], f"{endpoint.name}: {detail}", _now(), enough=ENOUGH)


def said(error: ExchangeError) -> str:
    """The error without what the exchange answered, which is anybody's text."""
    status = f"; HTTP {error.status}" if error.status is not None else ""
    return f"{error.endpoint}: {error.detail}{status}"


@contextmanager
def _noted(endpoint: Endpoint) -> Iterator[None]:
    """Note a failure. No permit in time says nothing of the exchange, more pages than we read is an answer."""
    try:
        yield
    except BudgetUnavailable as error:
        conditions.failed(Part.BUDGET, error.detail, _now())
        raise
    except (BudgetExhausted, Incomplete):
        raise
    except ExchangeError as error:
        conditions.failed(PARTS[endpoint], said(error), _now(), enough=ENOUGH)
        raise


def _good(part: Part) -> None:
    now = _now()
    conditions.good(part, now)
    conditions.good(Part.BUDGET, now)


def _now() -> datetime:
    return datetime.now(UTC)
