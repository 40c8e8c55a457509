"""However an answer is damaged, it raises a typed error or gives whole cents that stand in it."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmarket.errors import Malformed
from dmarket.wire.bids import read_bids
from dmarket.wire.fees import read_fees
from dmarket.wire.offers import read_offers
from dmarket.wire.prices import read_prices
from dmarket.wire.sales import read_sales
from tests.unit.dmarket.samples import bid_row, fee_list, fee_row, offer_row, price_row, sale_row

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Case:
    """An answer, how it is read, and the prices read from it."""

    answer: dict[str, Any]
    prices: Callable[[object], list[int | None]]


CASES = {
    "offers": Case(
        {"items": [offer_row()], "cursor": ""},
        lambda data: [offer.price for offer in read_offers("offers", data, first=True).offers],
    ),
    "prices": Case(
        {"aggregatedPrices": [price_row()], "nextCursor": ""},
        lambda data: [side for row in read_prices("prices", data).prices for side in (row.bid, row.ask)],
    ),
    "bids": Case(
        {"orders": [bid_row()]},
        lambda data: [bid.price for bid in read_bids("bids", bid_row()["title"], data)],
    ),
    "sales": Case({"sales": [sale_row()]}, lambda data: [sale.price for sale in read_sales("sales", data)]),
    "fees": Case(
        fee_list(fee_row()),
        lambda data: [fee for row in read_fees("fees", data).reduced for fee in (row.min_price, row.max_price)],
    ),
}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["0", "-1", "1e5", "0x10", "15.5", " 1", "1_0", "٣", "NaN", "PHASE_TITLE_RUBY", "2026-13-01"])
)
DAMAGE = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2))


def places(node: object, path: Path = ()) -> Iterator[Path]:
    """Every place in an answer, the root apart."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


def numbers(node: object) -> Iterator[Decimal]:
    """Every number that stands in an answer, in cents where it may be cents or dollars."""
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from numbers(child)
    elif isinstance(node, str | int | Decimal):
        try:
            value = Decimal(str(node))
        except ArithmeticError:
            return
        yield from (value, value * 100)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@settings(deadline=None, derandomize=True, max_examples=200)
@given(data=st.data())
def test_a_damaged_answer_never_gives_an_invented_price(case: Case, data: st.DataObject) -> None:
    """One place is replaced or removed; what comes out is an error or a number that was sent."""
    answer = copy.deepcopy(case.answer)
    *way, last = data.draw(st.sampled_from(list(places(answer))))
    node: Any = answer
    for key in way:
        node = node[key]
    if data.draw(st.booleans()):
        del node[last]
    else:
        node[last] = data.draw(DAMAGE)

    try:
        prices = case.prices(answer)
    except Malformed:
        return

    sent = set(numbers(answer))
    assert all(price is None or (type(price) is int and Decimal(price) in sent) for price in prices)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@settings(deadline=None, derandomize=True)
@given(junk=DAMAGE)
def test_any_other_json_is_malformed_or_empty(case: Case, junk: object) -> None:
    """No answer at all can be mistaken for prices."""
    try:
        prices = case.prices(junk)
    except Malformed:
        return

    assert prices == []
