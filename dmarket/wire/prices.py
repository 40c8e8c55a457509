"""POST aggregated-prices (docs/exchange-api.md, Aggregated prices): cents as text under PascalCase keys."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from dmarket.values import CataloguePage
from dmarket.wire.fields import Count, CountOrNone, Cursor, Name, WireModel, validated
from domain.money import Cents
from domain.quotes import AggregatedPrice


class _Money(WireModel):
    amount: Count = Field(alias="Amount")
    currency: Literal["USD"] = Field("USD", alias="Currency")


class _Row(WireModel):
    title: Name
    order: _Money | None = Field(None, alias="orderBestPrice")
    order_count: CountOrNone = Field(alias="orderCount")
    offer: _Money | None = Field(None, alias="offerBestPrice")
    offer_count: CountOrNone = Field(alias="offerCount")

    @model_validator(mode="after")
    def _absent_price_is_no_empty_side(self) -> Self:
        # An empty side is null or 0. A price that is not mentioned at all beside a count is another shape of answer.
        for name, count in (("order", self.order_count), ("offer", self.offer_count)):
            if count and name not in self.model_fields_set:
                raise ValueError(f"{name}BestPrice is missing although {name}Count is {count}")
        return self


class _Page(WireModel):
    rows: list[_Row] = Field(alias="aggregatedPrices")
    next_cursor: Cursor = Field("", alias="nextCursor")


def _side(money: _Money | None) -> Cents | None:
    return money.amount or None if money else None


def _price(row: _Row) -> AggregatedPrice:
    return AggregatedPrice(row.title, _side(row.order), row.order_count, _side(row.offer), row.offer_count)


def read_prices(endpoint: str, data: object) -> CataloguePage:
    """One page; a side whose price is null or 0 is None."""
    page = validated(endpoint, _Page, data)
    return CataloguePage(tuple(_price(row) for row in page.rows), page.next_cursor)


def prices_body(game_id: str, titles: Sequence[str], limit: int, cursor: str) -> dict[str, object]:
    """The request; no `titles` walks the whole game. P2P offers are left out: the API cannot buy them."""
    wanted: dict[str, object] = {"game": game_id, "includeP2p": False}
    if titles:
        wanted["titles"] = list(titles)
    return {"filter": wanted, "limit": str(limit), "cursor": cursor}
