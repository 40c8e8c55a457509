"""Titles with prices, sales and deals as a worker leaves them, read just now; what the market's screens show."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from domain.quotes import SalesHistory, SaleSide
from models.database import Database
from models.prices import PriceChange
from models.queries import sales
from tests.factories import NOW, some_sales
from tests.integration.bot.rows import an_opportunity, clock
from tests.rows import a_quote, make_item, make_partitions, price

REDLINE = "AK-47 | Redline (Field-Tested)"
OTHERS = ("StatTrak™ AK-47 | Redline (Field-Tested)", "AK-47 | Redline (Minimal Wear)", "AWP | Asiimov (Field-Tested)")
HOUR = timedelta(hours=1)


def a_title(database: Database, title: str = REDLINE, *, bid: int | None = 900, ask: int | None = 1000) -> int:
    """A title whose price was read just now; its id."""
    at = clock()
    make_partitions(database, at)
    item_id = make_item(database, title, at=at)
    price(database, {item_id: a_quote(bid, ask)}, at, confirm=True)
    return item_id


def a_market(database: Database) -> int:
    """Four titles; the id of REDLINE, which has a history and a dozen sales."""
    item_id = a_title(database)
    for title in OTHERS:
        a_title(database, title)
    at = clock()
    make_partitions(database, at - timedelta(days=1))
    with database.transaction() as session:
        former = {"item_id": item_id, "bid": 800, "bid_count": 1, "ask": 1250, "ask_count": 2}
        session.execute(insert(PriceChange).values(observed_at=at - 12 * HOUR, **former))
    sold(database, item_id)
    return item_id


def sold(database: Database, item_id: int, count: int = 12) -> None:
    """Sales of the last days, the newest six hours old, every third to a bid."""
    at, since = clock(), clock() - NOW
    made = some_sales([1010 + place for place in range(count)])
    sides = [SaleSide.TARGET if place % 3 == 2 else SaleSide.OFFER for place in range(count)]
    known = tuple(
        type(sale)(sale.price, sale.at + since, side, sale.variant, sale.float_value, sale.paint_seed)
        for sale, side in zip(made, sides, strict=True)
    )
    with database.transaction() as session:
        sales.store(session, item_id, SalesHistory(known, at), 1010)


def some_deals(database: Database, count: int, **values: Any) -> list[int]:
    """Open deals of titles of their own, the best first; the ids of the titles."""
    with database.transaction() as session:
        return [
            an_opportunity(session, title=f"Deal {number:02d}", cents_per_day=1000 - number, **values).item_id
            for number in range(1, count + 1)
        ]
