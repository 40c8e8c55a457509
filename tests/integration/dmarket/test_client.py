"""Each read of the exchange: how it pages, when it stops, and what it refuses to conclude."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import unquote

import orjson
import pytest
from prometheus_client import REGISTRY

from dmarket.budget import Priority
from dmarket.client import Exchange
from dmarket.errors import BudgetExhausted, Malformed, Refused
from dmarket.values import Balance, CataloguePage, User
from domain.games import CSGO, RUST
from domain.quotes import AggregatedPrice, Bid
from tests.factories import TITLE
from tests.integration.dmarket.conftest import soon
from tests.integration.dmarket.pages import offers_page, prices_page, query_of
from tests.integration.dmarket.scripted import Asked, Reply, Script
from tests.unit.dmarket.samples import Json, bid_row, fee_list, fee_row, sale_row

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def sales_rows(count: int, every: timedelta, *, newest: timedelta = timedelta()) -> list[Json]:
    """`count` sales, newest first, `every` apart."""
    times = (NOW - newest - number * every for number in range(count))
    return [sale_row(date=str(int(at.timestamp()))) for at in times]


def serve_sales(rows: list[Json]) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        offset = int(query_of(asked)["offset"])
        return Reply({"sales": rows[offset : offset + 20]})

    return answer


def degraded(endpoint: str) -> float:
    return REGISTRY.get_sample_value("skinbeat_upstream_degraded_total", {"endpoint": endpoint}) or 0


def test_aggregated_prices_are_asked_by_exact_title(exchange: Exchange, script: Script) -> None:
    """One call for all titles, without P2P; what was not asked or differs in case is dropped."""
    script.say(prices_page(TITLE, TITLE.lower(), "Another"))

    prices = exchange.aggregated_prices(CSGO, [TITLE, "Unknown", TITLE], deadline=soon())

    asked = orjson.loads(script.asked[0].body)
    wanted = {"game": "a8db", "titles": [TITLE, "Unknown"], "includeP2p": False}
    assert prices == {TITLE: AggregatedPrice(TITLE, 1420, 63, 1599, 128)}
    assert asked == {"filter": wanted, "limit": "2", "cursor": ""}
    assert script.asked[0].headers["content-type"] == "application/json"


def test_aggregated_prices_follow_a_cursor(exchange: Exchange, script: Script) -> None:
    """Until all titles are found, not further."""
    script.say(prices_page("A", cursor="c1"), prices_page("B", cursor="c2"))

    prices = exchange.aggregated_prices(CSGO, ["A", "B"], deadline=soon())

    assert list(prices) == ["A", "B"]
    assert [orjson.loads(asked.body)["cursor"] for asked in script.asked] == ["", "c1"]


def test_no_titles_cost_no_call(exchange: Exchange, script: Script) -> None:
    """An empty list would walk the whole game."""
    assert exchange.aggregated_prices(CSGO, [], deadline=soon()) == {}
    assert script.asked == []


@pytest.mark.parametrize("read", ["prices", "offers", "catalogue"])
def test_a_cursor_that_comes_again_is_malformed(exchange: Exchange, script: Script, read: str) -> None:
    """Walking on would never end, and stopping would conclude from half a list."""
    reads: dict[str, Callable[[], object]] = {
        "prices": lambda: exchange.aggregated_prices(CSGO, ["A"], deadline=soon()),
        "offers": lambda: exchange.offers(CSGO, "A", deadline=soon()),
        "catalogue": lambda: exchange.catalogue_page(CSGO, "same", deadline=soon()),
    }
    if read == "offers":
        script.say(offers_page("A twin", cursor="more"), offers_page("A", cursor="same"))
    else:
        script.say(prices_page("Another", cursor="same"))

    with pytest.raises(Malformed, match="the same cursor came again"):
        reads[read]()


def test_a_catalogue_page_carries_its_cursor(exchange: Exchange, script: Script) -> None:
    """The caller walks the game."""
    script.say(prices_page("A", "B", cursor="next+/="))

    page = exchange.catalogue_page(RUST, "", deadline=soon(), limit=2)

    body = orjson.loads(script.asked[0].body)
    assert page == CataloguePage(page.prices, "next+/=")
    assert [price.title for price in page.prices] == ["A", "B"]
    assert body == {"filter": {"game": "rust", "includeP2p": False}, "limit": "2", "cursor": ""}


@pytest.mark.parametrize(("cursor", "following"), [("", ""), ("", "more"), ("c1", "more")])
def test_a_catalogue_page_without_titles_is_malformed(
    exchange: Exchange, script: Script, cursor: str, following: str
) -> None:
    """Except after the last one: a game is never empty."""
    script.say(prices_page(cursor=following))

    with pytest.raises(Malformed, match="no titles"):
        exchange.catalogue_page(CSGO, cursor, deadline=soon())

    script.say(prices_page())
    assert exchange.catalogue_page(CSGO, "last", deadline=soon()) == CataloguePage((), "")


def test_bids_are_asked_by_the_title_in_the_path(exchange: Exchange, script: Script) -> None:
    """Encoded once; the best comes first."""
    title = str(bid_row()["title"])
    script.say(Reply({"orders": [bid_row(price="7"), bid_row()]}))

    bids = exchange.bids(CSGO, title, deadline=soon())

    assert bids == (Bid(98_000, 14), Bid(7, 14))
    assert unquote(script.asked[0].target) == f"/marketplace-api/v1/targets-by-title/a8db/{title}"


@pytest.mark.parametrize("title", ["", "A/B"])
def test_a_title_that_a_path_cannot_carry_is_refused_here(exchange: Exchange, script: Script, title: str) -> None:
    """The exchange would answer about something else."""
    with pytest.raises(Refused, match="without a slash"):
        exchange.bids(CSGO, title, deadline=soon())

    assert script.asked == []


@pytest.mark.parametrize(
    ("rows", "calls", "read", "complete"),
    [
        (sales_rows(7, timedelta(minutes=1)), 1, 7, True),
        (sales_rows(0, timedelta(minutes=1)), 1, 0, True),
        (sales_rows(20, timedelta(minutes=1)), 2, 20, True),
        (sales_rows(90, timedelta(hours=3)), 1, 20, False),
        (sales_rows(90, timedelta(hours=2)), 2, 40, False),
        (sales_rows(300, timedelta(minutes=1)), 5, 100, False),
    ],
    ids=["short", "none", "full and none", "sparse", "two days", "dense"],
)
def test_sales_are_read_two_days_and_twenty_back(
    exchange: Exchange, script: Script, *, rows: list[Json], calls: int, read: int, complete: bool
) -> None:
    """A short page ends them all; otherwise two days, or five pages, are enough."""
    script.answer = serve_sales(rows)

    history = exchange.sales(CSGO, TITLE, now=NOW, deadline=soon())

    assert len(script.asked) == calls
    assert len(history.sales) == read
    assert (history.complete, history.observed_at) == (complete, NOW)
    assert query_of(script.asked[0]) == {"gameId": "a8db", "title": TITLE, "limit": "20", "offset": "0"}


def test_a_bare_number_of_dollars_arrives_exactly(exchange: Exchange, script: Script) -> None:
    """JSON's fractions are never binary ones here."""
    script.say(Reply(b'{"sales": [{"price": 8.29, "date": 1784133449, "offerAttributes": {"floatValue": 0.2356}}]}'))

    (sale,) = exchange.sales(CSGO, TITLE, now=NOW, deadline=soon()).sales

    assert (sale.price, sale.float_value) == (829, Decimal("0.2356"))


def test_sales_made_while_paging_count_once(exchange: Exchange, script: Script) -> None:
    """They shift the pages, so the last rows of one begin the next."""
    rows = sales_rows(45, timedelta(minutes=1))
    script.say(Reply({"sales": rows[:20]}), Reply({"sales": rows[17:37]}), Reply({"sales": rows[37:45]}))

    history = exchange.sales(CSGO, TITLE, now=NOW, deadline=soon())

    assert len(history.sales) == len(set(history.sales)) == 45
    assert history.complete


def test_sales_pages_that_ignore_the_offset_end_the_reading(exchange: Exchange, script: Script) -> None:
    """The same twenty again are not forty, also where a new sale came in between."""
    rows = sales_rows(20, timedelta(minutes=1))
    newer = sales_rows(1, timedelta(), newest=-timedelta(minutes=1))
    script.say(Reply({"sales": rows}), Reply({"sales": newer + rows[:19]}))

    history = exchange.sales(CSGO, TITLE, now=NOW, deadline=soon())

    assert len(script.asked) == 2
    assert (len(history.sales), history.complete) == (20, False)


def test_fees_are_read_to_the_last_page(exchange: Exchange, script: Script) -> None:
    """By offset, a thousand at a time, until a page is short."""
    rows = [fee_row(title=f"title {number}") for number in range(1500)]
    script.say(Reply(fee_list(*rows[:1000])), Reply(fee_list(*rows[1000:])))

    fees = exchange.fees(CSGO, deadline=soon())

    assert [query_of(asked)["offset"] for asked in script.asked] == ["0", "1000"]
    assert [row.title for row in fees.reduced] == [f"title {number}" for number in range(1500)]
    assert fees.default.bps == 1000


def test_a_fee_list_that_comes_whole_is_taken_whole(exchange: Exchange, script: Script) -> None:
    """An exchange that heeds neither limit nor offset has nothing more to tell."""
    script.say(Reply(fee_list(*(fee_row(title=f"title {number}") for number in range(1200)))))

    fees = exchange.fees(CSGO, deadline=soon())

    assert (len(fees.reduced), len(script.asked)) == (1200, 1)


def test_a_fee_page_that_repeats_is_malformed(exchange: Exchange, script: Script) -> None:
    """The rest of the list was not seen."""
    script.say(Reply(fee_list(*(fee_row(title=f"title {number}") for number in range(1000)))))

    with pytest.raises(Malformed, match="offset 1000 repeats"):
        exchange.fees(CSGO, deadline=soon())


def test_the_account_is_read(exchange: Exchange, script: Script) -> None:
    """Balance and owner of the keys."""
    script.say(
        Reply({"usd": "15420", "usdAvailableToWithdraw": "15000"}),
        Reply({"id": "u-1", "username": "trader", "settings": {"targetsLimit": 500}}),
    )

    assert exchange.balance(deadline=soon()) == Balance(15_420, 15_000)
    assert exchange.user(deadline=soon(), priority=Priority.SWEEP) == User("u-1", "trader", 500)


def test_a_failed_read_is_counted_and_a_missing_permit_is_not(exchange: Exchange, script: Script) -> None:
    """Only the first says something about the exchange."""
    script.say(Reply({"objects": []}))
    before = degraded("offers")

    with pytest.raises(Malformed, match="offers: items"):
        exchange.offers(CSGO, TITLE, deadline=soon())
    with pytest.raises(BudgetExhausted):
        exchange.offers(CSGO, TITLE, deadline=soon(-1))

    assert degraded("offers") == before + 1
