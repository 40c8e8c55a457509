"""GET targets-by-title (docs/exchange-api.md, Bids): a title's bid book, cents as text."""

from typing import Annotated

from dmarket.errors import Malformed
from dmarket.wire.fields import Count, PriceInCents, Readable, Text, WireModel, validated
from domain.quotes import Bid

_UNRESTRICTED = {"", "any"}
_Part = Annotated[str, Readable]


class _Row(WireModel):
    amount: Count
    price: PriceInCents
    title: Text = ""
    attributes: dict[_Part, _Part | int | bool | None] | None = None


class _Book(WireModel):
    orders: list[_Row]


def _restrictions(row: _Row) -> tuple[tuple[str, str], ...]:
    values = ((name, str(value)) for name, value in (row.attributes or {}).items() if value is not None)
    return tuple(sorted((name, value) for name, value in values if value.strip().lower() not in _UNRESTRICTED))


def read_bids(endpoint: str, title: str, data: object) -> tuple[Bid, ...]:
    """Best first; rows equal in price, amount and attributes count once, rows that want nothing not at all."""
    book = validated(endpoint, _Book, data)
    for row in book.orders:
        if row.title not in {"", title}:  # what a wrongly encoded title gets (docs/exchange-api.md, Bids)
            raise Malformed(endpoint, f"orders.title: asked for {title!r}, got {row.title!r}")
    bids = dict.fromkeys(Bid(row.price, row.amount, _restrictions(row)) for row in book.orders if row.amount)
    return tuple(sorted(bids, key=lambda bid: bid.price, reverse=True))
