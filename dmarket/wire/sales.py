"""GET last-sales (docs/exchange-api.md, Sales): dollars as text, unix seconds as text."""

from pydantic import Field

from dmarket.wire.fields import PriceInDollars, UnixTime, WireModel, Word, validated
from dmarket.wire.variants import SaleFields
from domain.quotes import Sale, SaleSide


class _Row(WireModel):
    price: PriceInDollars
    at: UnixTime = Field(alias="date")
    side: Word = Field("", alias="txOperationType")
    attributes: SaleFields | None = Field(None, alias="offerAttributes")


class _Page(WireModel):
    sales: list[_Row]


def _side(text: str) -> SaleSide:
    known = {"offer": SaleSide.OFFER, "target": SaleSide.TARGET}
    return known.get(text.lower(), SaleSide.UNKNOWN)


def _sale(row: _Row) -> Sale:
    item = row.attributes or SaleFields()
    return Sale(
        price=row.price,
        at=row.at,
        side=_side(row.side),
        variant=item.variant,
        float_value=item.float_value,
        paint_seed=item.paint_seed,
    )


def read_sales(endpoint: str, data: object) -> tuple[Sale, ...]:
    """One page in the order it came."""
    return tuple(_sale(row) for row in validated(endpoint, _Page, data).sales)
