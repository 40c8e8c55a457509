"""The other endpoints' answers become domain values, in whole cents."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from dmarket.errors import Malformed
from dmarket.values import Balance, User
from dmarket.wire.account import read_balance, read_user
from dmarket.wire.bids import read_bids
from dmarket.wire.fees import read_fees
from dmarket.wire.offers import read_offers
from dmarket.wire.prices import prices_body, read_prices
from dmarket.wire.sales import read_sales
from domain.fees import DefaultFee, ReducedFee
from domain.quotes import AggregatedPrice, Bid, Sale, SaleSide
from domain.variants import Variant
from tests.unit.dmarket.samples import bid_row, fee_list, fee_row, offer_row, price_row, sale_row

KARAMBIT = "★ Karambit | Doppler (Factory New)"


def price(**changes: object) -> AggregatedPrice:
    return read_prices("aggregated_prices", {"aggregatedPrices": [price_row(**changes)], "nextCursor": ""}).prices[0]


def sale(**changes: object) -> Sale:
    return read_sales("sales", {"sales": [sale_row(**changes)]})[0]


def bids(*rows: dict[str, Any]) -> tuple[Bid, ...]:
    return read_bids("bids", KARAMBIT, {"orders": list(rows)})


def test_aggregated_prices_are_cents() -> None:
    """Text and bare numbers alike."""
    expected = AggregatedPrice("AK-47 | Redline (Field-Tested)", bid=1420, bid_count=63, ask=1599, ask_count=128)

    assert price() == expected
    assert price(orderBestPrice={"Amount": 1420}, orderCount=63, offerBestPrice={"Amount": 1599}) == expected


@pytest.mark.parametrize("slipped", ["15.99", Decimal("15.00"), Decimal("1599.0")])
def test_cents_with_decimals_are_malformed(slipped: object) -> None:
    """They are dollars by mistake, a hundredth of the price."""
    with pytest.raises(Malformed, match="Amount"):
        price(offerBestPrice={"Currency": "USD", "Amount": slipped})


@pytest.mark.parametrize("title", ["", "a\0b", "half \ud83d", "long" * 200])
def test_a_title_that_cannot_be_stored_is_malformed(title: str) -> None:
    """No database text holds NUL or half a character, no index a text without end."""
    with pytest.raises(Malformed, match="title"):
        price(title=title)


def test_an_amount_beyond_the_column_is_malformed() -> None:
    """Nothing is read that cannot be stored; the upper end of a fee's range is cut there, which means the same."""
    most = 2**31 - 1

    assert price(offerBestPrice={"Amount": most}, offerCount=most).ask == most
    assert read_fees("fees", fee_list(fee_row(maxPrice=10**12))).reduced[0].max_price == most
    for changes in ({"offerBestPrice": {"Amount": most + 1}}, {"offerCount": most + 1}):
        with pytest.raises(Malformed):
            price(**changes)


def test_the_ends_of_the_calendar_are_malformed() -> None:
    """In another zone they lie outside of it."""
    with pytest.raises(Malformed, match="createdAt"):
        read_offers("offers", {"items": [offer_row(createdAt="0001-01-01T00:00:00+14:00")]}, first=True)


@pytest.mark.parametrize("empty", [None, {"Currency": "USD", "Amount": "0"}, {"Currency": "USD", "Amount": 0}])
def test_null_or_zero_is_an_empty_side(empty: object) -> None:
    """It is None, not a price of nothing."""
    assert price(orderBestPrice=empty, orderCount="0").bid is None
    assert price(offerBestPrice=empty, offerCount=None).ask is None


@pytest.mark.parametrize(
    "changes",
    [
        {"orderBestPrice": {"Amount": "-1"}},
        {"orderBestPrice": {"Amount": "14.20"}},
        {"orderBestPrice": {"amount": "1420"}},
        {"orderBestPrice": {"Currency": "DMC", "Amount": "1420"}},
        {"offerBestPrice": "1599"},
        {"offerCount": "many"},
        {"title": ""},
    ],
)
def test_a_reshaped_price_is_malformed(changes: dict[str, object]) -> None:
    """It is neither an empty side nor another number."""
    with pytest.raises(Malformed, match=r"aggregatedPrices\.0"):
        price(**changes)


@pytest.mark.parametrize("field", ["orderBestPrice", "offerBestPrice"])
def test_a_price_left_out_beside_a_count_is_malformed(field: str) -> None:
    """An empty side is null; a renamed field must not read as one."""
    row = price_row()
    del row[field]

    with pytest.raises(Malformed, match=field):
        read_prices("aggregated_prices", {"aggregatedPrices": [row]})


def test_the_request_for_prices_leaves_p2p_out() -> None:
    """P2P offers cannot be bought; the limit is text."""
    assert prices_body("a8db", ("A", "B"), 2, "") == {
        "filter": {"game": "a8db", "titles": ["A", "B"], "includeP2p": False},
        "limit": "2",
        "cursor": "",
    }


def test_a_sale_is_dollars_and_seconds() -> None:
    """Fifteen dollars fifty are 1550 cents."""
    assert sale() == Sale(
        price=1550,
        at=datetime(2026, 7, 15, 16, 37, 29, tzinfo=UTC),
        side=SaleSide.OFFER,
        float_value=Decimal("0.2356"),
        paint_seed=661,
    )


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [("0.01", 1), ("4.35", 435), ("1.1", 110), ("7", 700), (Decimal("8.29"), 829), (19, 1900), ("99999.99", 9_999_999)],
)
def test_dollars_become_exact_cents(dollars: object, cents: int) -> None:
    """Among them numbers that binary fractions round wrong."""
    assert sale(price=dollars).price == cents


@pytest.mark.parametrize(
    "dollars",
    ["15.505", Decimal("15.505"), "0", "-1.00", "1e3", "1,50", "$1", "", None, True, Decimal("1e999999")],
)
def test_dollars_that_are_none_are_malformed(dollars: object) -> None:
    """More than two decimals, nothing, and anything that is not a number."""
    with pytest.raises(Malformed, match=r"sales: sales\.0\.price: "):
        sale(price=dollars)


@pytest.mark.parametrize(
    ("text", "side"),
    [("Offer", SaleSide.OFFER), ("Target", SaleSide.TARGET), ("Swap", SaleSide.UNKNOWN), (None, SaleSide.UNKNOWN)],
)
def test_an_unknown_side_of_a_sale_is_unknown(text: str | None, side: SaleSide) -> None:
    """Enums may grow."""
    assert sale(txOperationType=text).side is side


@pytest.mark.parametrize(
    ("attributes", "variant"),
    [
        ({"phaseTitle": "PHASE_TITLE_PHASE_2"}, Variant(phase="phase-2")),
        ({"phaseTitle": "Ruby", "rareInfo": "Blue Gem"}, Variant(phase="ruby", rare="blue-gem")),
        ({"gems": []}, Variant()),
        (None, Variant()),
    ],
)
def test_a_sale_knows_its_variant(attributes: object, variant: Variant) -> None:
    """So that it is compared with its like."""
    assert sale(offerAttributes=attributes).variant == variant


@pytest.mark.parametrize("date", ["tomorrow", None, "-5e9", "9" * 15, Decimal("1e-999999")])
def test_a_sale_without_a_time_is_malformed(date: object) -> None:
    """Its age is half of what it says."""
    with pytest.raises(Malformed, match=r"sales\.0\.date"):
        sale(date=date)


def test_bids_come_best_first_with_what_they_restrict() -> None:
    """Any, empty and null restrict nothing; names are sorted."""
    ruby = {"phase": "ruby", "floatPartValue": "FN-0", "paintSeed": None, "fade": " ANY "}
    book = bids(bid_row(price="900", attributes={}), bid_row(), bid_row(price=155000, amount=2, attributes=ruby))

    assert book == (
        Bid(155_000, 2, (("floatPartValue", "FN-0"), ("phase", "ruby"))),
        Bid(98_000, 14),
        Bid(900, 14),
    )


def test_identical_bid_rows_count_once() -> None:
    """The exchange repeats rows; those that differ in anything stay."""
    assert len(bids(bid_row(), bid_row(), bid_row(amount="3"), bid_row(attributes={"phase": "ruby"}))) == 3


def test_a_bid_for_nothing_is_no_bid() -> None:
    """An amount of 0 cannot be sold into."""
    assert bids(bid_row(amount="0")) == ()


@pytest.mark.parametrize(
    "changes", [{"price": "0"}, {"price": None}, {"amount": "-1"}, {"attributes": []}, {"title": "AWP | Asiimov"}]
)
def test_a_bid_that_makes_no_sense_is_malformed(changes: dict[str, object]) -> None:
    """Also one for another title than asked, which a wrongly encoded path gets."""
    with pytest.raises(Malformed, match="orders"):
        bids(bid_row(**changes))


def test_a_missing_book_is_not_an_empty_one() -> None:
    """An unknown title has an empty list."""
    assert bids() == ()
    with pytest.raises(Malformed, match="orders"):
        read_bids("bids", KARAMBIT, {})


@pytest.mark.parametrize(
    ("fraction", "bps"), [("0.10", 1000), ("0.02", 200), ("0.07001", 701), ("0", 0), (Decimal("0.1"), 1000), (0, 0)]
)
def test_a_fee_fraction_is_rounded_up_to_basis_points(fraction: object, bps: int) -> None:
    """Rounding is against us."""
    fees = read_fees("fees", fee_list(fee_row(fraction=fraction)))

    assert fees.default == DefaultFee(bps=1000, minimum=1)
    assert fees.reduced == (
        ReducedFee("AK-47 | Redline (Field-Tested)", bps, 50, 100_000, datetime(2026, 7, 17, tzinfo=UTC)),
    )


@pytest.mark.parametrize("fraction", ["1", "2", "-0.1", "0.99999", "10%", None, "", True, Decimal("1e999999")])
def test_a_fee_that_takes_everything_is_malformed(fraction: object) -> None:
    """A fraction is at least 0 and below 1, also after rounding."""
    with pytest.raises(Malformed, match=r"defaultFee\.fraction"):
        read_fees("fees", fee_list(fraction=fraction))


def test_a_game_without_reduced_fees_may_say_null() -> None:
    """The default proves that the answer has its shape; a missing list does not."""
    default = {"fraction": "0.05", "minAmount": "1"}

    assert read_fees("fees", {"defaultFee": default, "reducedFees": None}).reduced == ()
    with pytest.raises(Malformed, match="reducedFees"):
        read_fees("fees", {"defaultFee": default})


def test_the_account_is_read() -> None:
    """Its money in cents, its name, and how many targets it may hold."""
    balance = {"usd": "15420", "usdAvailableToWithdraw": "15000", "dmc": "0", "usdTradeProtected": "420"}
    user = {"id": "u-1", "username": "trader", "settings": {"targetsLimit": 500, "tradingApiToken": "x"}}

    assert read_balance("balance", balance) == Balance(usd=15_420, available=15_000)
    assert read_user("user", user) == User("u-1", "trader", 500)
    with pytest.raises(Malformed, match=r"balance: usd: "):
        read_balance("balance", {**balance, "usd": "154.20"})
    with pytest.raises(Malformed, match="user: settings"):
        read_user("user", {**user, "settings": None})
