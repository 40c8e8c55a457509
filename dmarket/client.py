"""The exchange as the rest of Skinbeat sees it: one method for each thing it can be asked, domain values back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from dmarket import endpoints
from dmarket.budget import Priority
from dmarket.endpoints import Endpoint
from dmarket.errors import BudgetExhausted, BudgetUnavailable, ExchangeError, Malformed, Refused
from dmarket.offer_search import search_offers
from dmarket.paging import Cursors, older_than
from dmarket.transport import Query
from dmarket.values import Balance, CataloguePage, OfferBook, User
from dmarket.wire.account import read_balance, read_user
from dmarket.wire.bids import read_bids
from dmarket.wire.fees import read_fees
from dmarket.wire.offers import BOT_HELD, OfferPage, read_offers
from dmarket.wire.prices import prices_body, read_prices
from dmarket.wire.sales import read_sales
from domain.fees import FeeList, ReducedFee
from domain.games import Game
from domain.quotes import AggregatedPrice, Bid, Sale, SalesHistory
from telemetry.metrics import UPSTREAM_DEGRADED

OFFER_PAGE = 100
SALES_PAGE = 20
SALES_PAGES = 5
SALES_SPAN = timedelta(days=2)
FEES_PAGE = 1000


class Caller(Protocol):
    """Who sends a call and parses its answer: one account's Transport, or a Fleet."""

    def call(
        self,
        endpoint: Endpoint,
        *,
        parts: dict[str, str] | None = None,
        query: Query = (),
        body: object = None,
        priority: Priority,
        deadline: float,
    ) -> object: ...


class Exchange:
    """Reads. Every `deadline` is in time.monotonic() seconds; every method raises ExchangeError.

    `own` calls with one account, always the same: what is an account's own (fees, balance, user) is asked of it alone.
    The market, which tells every account the same, may be asked through others as well; without `market` it is not.
    """

    def __init__(self, own: Caller, market: Caller | None = None) -> None:
        self._own = own
        self._market = market or own

    def aggregated_prices(
        self, game: Game, titles: Sequence[str], *, deadline: float, priority: Priority = Priority.SWEEP
    ) -> dict[str, AggregatedPrice]:
        """Best prices of exactly `titles`, of which 100 are known to work; unknown ones are left out."""
        wanted = dict.fromkeys(titles)
        found: dict[str, AggregatedPrice] = {}
        cursors = Cursors(endpoints.AGGREGATED_PRICES)
        with _counted(endpoints.AGGREGATED_PRICES):
            while len(found) < len(wanted):
                page = self._prices(
                    prices_body(game.exchange_id, list(wanted), len(wanted), cursors.current), deadline, priority
                )
                found.update({price.title: price for price in page.prices if price.title in wanted})
                if not page.prices or not cursors.advance(page.next_cursor):
                    break
        return found

    def catalogue_page(
        self, game: Game, cursor: str, *, deadline: float, limit: int = 1000, priority: Priority = Priority.SWEEP
    ) -> CataloguePage:
        """One page of all titles of a game, from `cursor` ("" for the first)."""
        with _counted(endpoints.AGGREGATED_PRICES):
            page = self._prices(prices_body(game.exchange_id, (), limit, cursor), deadline, priority)
            if cursor and page.next_cursor == cursor:
                raise Malformed(endpoints.AGGREGATED_PRICES.name, "nextCursor: the same cursor came again")
            if not page.prices and (page.next_cursor or not cursor):
                raise Malformed(endpoints.AGGREGATED_PRICES.name, "aggregatedPrices: no titles before the last page")
        return page

    def offers(self, game: Game, title: str, *, deadline: float, priority: Priority = Priority.URGENT) -> OfferBook:
        """The cheapest live offers of exactly `title`; not always all. Incomplete where none can be told."""

        def read(order: str, cursor: str) -> OfferPage:
            query = _offers_query(game, title, order, cursor)
            data = self._get(endpoints.OFFERS, query, deadline, priority)
            return read_offers(endpoints.OFFERS.name, data, first=not cursor)

        with _counted(endpoints.OFFERS):
            return search_offers(read, title)

    def bids(self, game: Game, title: str, *, deadline: float, priority: Priority = Priority.URGENT) -> tuple[Bid, ...]:
        """The title's live bid book, best first."""
        with _counted(endpoints.BIDS):
            if not title or "/" in title:
                raise Refused(
                    endpoints.BIDS.name, f"a title in a path must be some text without a slash, not {title!r}"
                )
            data = self._market.call(
                endpoints.BIDS,
                parts={"game": game.exchange_id, "title": title},
                priority=priority,
                deadline=deadline,
            )
            return read_bids(endpoints.BIDS.name, title, data)

    def sales(
        self, game: Game, title: str, *, now: datetime, deadline: float, priority: Priority = Priority.URGENT
    ) -> SalesHistory:
        """The title's newest sales: at least two days and 20 sales back, but 100 sales at most."""
        known: list[Sale] = []
        with _counted(endpoints.SALES):
            for _ in range(SALES_PAGES):
                query = _sales_query(game, title, len(known))
                page = read_sales(endpoints.SALES.name, self._get(endpoints.SALES, query, deadline, priority))
                older = older_than(known, page)
                known += older
                if len(page) < SALES_PAGE:
                    return _history(known, now, complete=True)
                if not older or now - known[-1].at >= SALES_SPAN:
                    break
        return _history(known, now, complete=False)

    def fees(self, game: Game, *, deadline: float, priority: Priority = Priority.SWEEP) -> FeeList:
        """What selling costs the account: pages until one is short, or longer than asked for and so none at all."""
        rows: dict[ReducedFee, None] = {}
        offset = 0
        with _counted(endpoints.FEES):
            while True:
                query = [("gameId", game.exchange_id), ("limit", str(FEES_PAGE)), ("offset", str(offset))]
                page = read_fees(endpoints.FEES.name, self._get_own(endpoints.FEES, query, deadline, priority))
                if page.reduced and all(row in rows for row in page.reduced):
                    raise Malformed(
                        endpoints.FEES.name, f"reducedFees: the page at offset {offset} repeats earlier rows"
                    )
                rows.update(dict.fromkeys(page.reduced))
                if len(page.reduced) != FEES_PAGE:
                    return FeeList(page.default, tuple(rows))
                offset += FEES_PAGE

    def balance(self, *, deadline: float, priority: Priority = Priority.URGENT) -> Balance:
        with _counted(endpoints.BALANCE):
            return read_balance(endpoints.BALANCE.name, self._get_own(endpoints.BALANCE, (), deadline, priority))

    def user(self, *, deadline: float, priority: Priority = Priority.URGENT) -> User:
        """Who the keys belong to: the check that they work."""
        with _counted(endpoints.USER):
            return read_user(endpoints.USER.name, self._get_own(endpoints.USER, (), deadline, priority))

    def _get(self, endpoint: Endpoint, query: Sequence[tuple[str, str]], deadline: float, priority: Priority) -> object:
        return self._market.call(endpoint, query=query, priority=priority, deadline=deadline)

    def _get_own(
        self, endpoint: Endpoint, query: Sequence[tuple[str, str]], deadline: float, priority: Priority
    ) -> object:
        return self._own.call(endpoint, query=query, priority=priority, deadline=deadline)

    def _prices(self, body: dict[str, object], deadline: float, priority: Priority) -> CataloguePage:
        data = self._market.call(endpoints.AGGREGATED_PRICES, body=body, priority=priority, deadline=deadline)
        return read_prices(endpoints.AGGREGATED_PRICES.name, data)


@contextmanager
def _counted(endpoint: Endpoint) -> Iterator[None]:
    """Count a read that failed at the exchange; our own budget's refusals say nothing about it."""
    try:
        yield
    except (BudgetExhausted, BudgetUnavailable):
        raise
    except ExchangeError:
        UPSTREAM_DEGRADED.labels(endpoint.name).inc()
        raise


def _offers_query(game: Game, title: str, order: str, cursor: str) -> list[tuple[str, str]]:
    query = [
        ("gameId", game.exchange_id),
        ("title", title),
        ("orderBy", order),
        ("orderDir", "asc"),
        ("limit", str(OFFER_PAGE)),
        ("offerType", BOT_HELD),
    ]
    return [*query, ("cursor", cursor)] if cursor else query


def _sales_query(game: Game, title: str, offset: int) -> list[tuple[str, str]]:
    return [("gameId", game.exchange_id), ("title", title), ("limit", str(SALES_PAGE)), ("offset", str(offset))]


def _history(sales: list[Sale], now: datetime, *, complete: bool) -> SalesHistory:
    return SalesHistory(tuple(sales), observed_at=now, complete=complete)
