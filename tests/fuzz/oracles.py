"""What may come out of an answer: only what an independent reading finds in it. Each gives its complaints."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from dmarket.values import Balance, CataloguePage, OfferBook, User
from domain.fees import FeeList
from domain.quotes import AggregatedPrice, Bid, SalesHistory
from tests.fuzz.reading import Bare, dollars, free, inner, nothing, number, rows, share, whole

COLUMN = 2**31 - 1  # what an integer column holds
INDEX_ROW = 2600  # bytes, and a little room for the other columns
Oracle = Callable[[Sequence[Any], Sequence[str], Any], Iterator[str]]


def _every(documents: Sequence[Any], key: str) -> list[dict[str, Any]]:
    return [row for document in documents for row in rows(document, key)]


def _side(row: dict[str, Any], name: str) -> int | None:
    """A price of the row in cents, None for an empty side, -1 for one that cannot be read."""
    money = row.get(name)
    if money is None:
        return None
    amount = whole(inner(money, "Amount"))
    if amount is None or inner(money, "Currency") not in {None, "USD"}:
        return -1
    return amount or None


def quote_of(row: dict[str, Any]) -> tuple[Any, ...]:
    counts = [0 if row.get(name) is None else whole(row[name]) for name in ("orderCount", "offerCount")]
    return row.get("title"), _side(row, "orderBestPrice"), counts[0], _side(row, "offerBestPrice"), counts[1]


def _storable(title: str, *numbers: int | None) -> Iterator[str]:
    if (
        "\0" in title or len(title.encode("utf-8", "replace")) > 2600 or not title or not _encodes(title)
    ):  # an index row
        yield f"{title[:40]!r} cannot be stored"
    if any(number is not None and not 0 <= number <= COLUMN for number in numbers):
        yield f"{numbers} do not fit their columns"


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _quotes(documents: Sequence[Any], quotes: Sequence[AggregatedPrice]) -> Iterator[str]:
    told = {quote_of(row) for row in _every(documents, "aggregatedPrices") if isinstance(row.get("title"), str)}
    for quote in quotes:
        if (quote.title, quote.bid, quote.bid_count, quote.ask, quote.ask_count) not in told:
            yield f"{quote} stands nowhere in the answer"
        if quote.bid == 0 or quote.ask == 0:
            yield f"{quote} has a price of nothing"
        yield from _storable(quote.title, quote.bid, quote.bid_count, quote.ask, quote.ask_count)


def prices(documents: Sequence[Any], titles: Sequence[str], found: dict[str, AggregatedPrice]) -> Iterator[str]:
    answered = {row.get("title") for row in _every(documents[:1], "aggregatedPrices") if not _is_odd(row)}
    if set(found) - set(titles):
        yield f"{set(found) - set(titles)} were not asked for"
    if (answered & set(titles)) - set(found):
        yield f"{(answered & set(titles)) - set(found)} were answered and are missing"
    if any(title != quote.title for title, quote in found.items()):
        yield "a price is filed under another title"
    yield from _quotes(documents, list(found.values()))


def _is_odd(row: dict[str, Any]) -> bool:
    return not isinstance(row.get("title"), str)


def catalogue(documents: Sequence[Any], _titles: Sequence[str], page: CataloguePage) -> Iterator[str]:
    told = inner(documents[0], "nextCursor")
    if page.next_cursor != ("" if nothing(told) else told) or not _encodes(page.next_cursor):
        yield f"the next cursor {page.next_cursor!r} is not {told!r}"
    if len(page.prices) != len(rows(documents[0], "aggregatedPrices")):
        yield "rows were lost"
    yield from _quotes(documents, page.prices)


def offers(documents: Sequence[Any], titles: Sequence[str], book: OfferBook) -> Iterator[str]:
    told = {_offer(row) for row in _every(documents, "items") if row.get("offerType") in {None, "", "dmarket"}}
    for offer in book.offers:
        own = (offer.offer_id, offer.title, offer.price, offer.locked, offer.resellable, offer.float_value)
        if own not in told:
            yield f"{offer} stands nowhere in the answer"
        if offer.title != titles[0]:
            yield f"{offer.title!r} was not asked for"
        yield from _storable(offer.offer_id, offer.price)
        yield from _storable(f"v{offer.variant.key}")
    if [offer.price for offer in book.offers] != sorted(offer.price for offer in book.offers):
        yield "the cheapest is not first"


def _flag(value: Any) -> bool:
    """As JSON's booleans, and the spellings of them that a lenient reader takes."""
    if isinstance(value, Bare):
        return number(value, "") == 1
    return value is True or str(value).lower() in {"true", "1", "yes", "on", "t", "y"}


def _offer(row: dict[str, Any]) -> tuple[Any, ...]:
    item = row.get("attributes")
    blocks = [inner(item, name) for name in ("cs2", "cs2Attributes", "tf2", "tf2Attributes")]
    block = next((one for one in blocks if isinstance(one, dict)), None)
    written = inner(block, "float")
    barred = any(_flag(inner(item, name)) for name in ("overstocked", "saleRestricted", "sellUnavailable"))
    float_value = None if nothing(written) else Decimal(str(written)) if _is_decimal(written) else "odd"
    offer_id, title, price = row.get("offerId"), inner(item, "title"), whole(row.get("priceCents"))
    names = [one if isinstance(one, str) else None for one in (offer_id, title)]
    return *names, price, _flag(row.get("locked")), not barred, float_value


def _is_decimal(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except ArithmeticError:
        return False


def bids(documents: Sequence[Any], titles: Sequence[str], book: Sequence[Bid]) -> Iterator[str]:
    told = {
        (whole(row.get("price")), whole(row.get("amount")), free(row.get("attributes")))
        for row in _every(documents, "orders")
        if row.get("title") in {None, "", titles[0]}
    }
    for bid in book:
        if (bid.price, bid.amount, bid.unrestricted) not in told:
            yield f"{bid} stands nowhere in the answer"
        yield from _storable("bid", bid.price, bid.amount)
        if bid.price == 0 or bid.amount == 0:
            yield f"{bid} is a bid of nothing"
    if [bid.price for bid in book] != sorted((bid.price for bid in book), reverse=True):
        yield "the best is not first"


def sales(documents: Sequence[Any], _titles: Sequence[str], history: SalesHistory) -> Iterator[str]:
    told = {(dollars(row.get("price")), whole(row.get("date"))) for row in _every(documents, "sales")}
    for sale in history.sales:
        if (sale.price, int(sale.at.timestamp())) not in told:
            yield f"{sale} stands nowhere in the answer"
        yield from _storable("sale", sale.price or -1)
    if len(history.sales) > len(_every(documents, "sales")):
        yield "more sales came out than were told of"


def fees(documents: Sequence[Any], _titles: Sequence[str], listed: FeeList) -> Iterator[str]:
    defaults = [
        (share(inner(one, "defaultFee", "fraction")), whole(inner(one, "defaultFee", "minAmount"))) for one in documents
    ]
    if (listed.default.bps, listed.default.minimum) not in defaults or not 0 <= listed.default.bps < 10_000:
        yield f"{listed.default} stands nowhere in the answer"
    told = {_fee(row) for row in _every(documents, "reducedFees")}
    for row in listed.reduced:
        own = (row.title, row.bps, row.min_price, row.max_price, int(row.expires_at.timestamp()))
        if own not in told or not 0 <= row.bps < 10_000:
            yield f"{row} stands nowhere in the answer"
        yield from _storable(row.title, row.min_price, row.max_price)


def _fee(row: dict[str, Any]) -> tuple[Any, ...]:
    title, most = row.get("title"), whole(row.get("maxPrice"))
    low, bps, ends = whole(row.get("minPrice")), share(row.get("fraction")), whole(row.get("expiresAt"))
    return title if isinstance(title, str) else None, bps, low, None if most is None else min(most, COLUMN), ends


def balance(documents: Sequence[Any], _titles: Sequence[str], money: Balance) -> Iterator[str]:
    told = (whole(inner(documents[0], "usd")), whole(inner(documents[0], "usdAvailableToWithdraw")))
    if (money.usd, money.available) != told:
        yield f"{money} is not {told}"


def user(documents: Sequence[Any], _titles: Sequence[str], owner: User) -> Iterator[str]:
    told = (inner(documents[0], "id"), inner(documents[0], "username"))
    if (owner.id, owner.username) != told or owner.targets_limit != whole(
        inner(documents[0], "settings", "targetsLimit")
    ):
        yield f"{owner} is not {told}"
    yield from _storable(owner.id, owner.targets_limit)


ORACLES: dict[str, Oracle] = {
    "prices": prices,
    "catalogue": catalogue,
    "offers": offers,
    "bids": bids,
    "sales": sales,
    "fees": fees,
    "balance": balance,
    "user": user,
}
