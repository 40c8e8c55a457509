"""What is known of titles."""

from datetime import datetime, timedelta

from domain.cadence import Features
from domain.games import CSGO
from models.database import Database
from models.items import FORGOTTEN
from models.queries import features, sales
from tests.factories import NOW, a_history, a_sale
from tests.rows import a_quote, make_item, make_items, make_partitions, price, read_all

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def known(database: Database, at: datetime = NOW) -> dict[int, Features]:
    with database.transaction() as session:
        return dict(features.of_game(session, "csgo", at))


def test_the_features_of_a_title_are_what_was_read_of_it(database: Database) -> None:
    """Its aggregate with how lively it is and was, and its sales with the time they tell of."""
    make_partitions(database)
    item = make_item(database)
    read_all(database)
    price(database, {item: a_quote(900, 1_000)}, NOW - 2 * SECOND)
    price(database, {item: a_quote(900, 990)}, NOW)
    with database.transaction() as session:
        history = a_history([a_sale(1_000, DAY), a_sale(950, 3 * DAY)], complete=False)
        sales.store(session, item, history, 950)

    (found,) = known(database, NOW + 5 * SECOND).values()

    assert found == Features(900, 1, 990, 2, 1_000, 5, 950, 2, 3 * 86_400)


def test_few_sales_that_are_all_there_are_tell_of_a_month(database: Database) -> None:
    """One sale an hour ago is no hourly sale."""
    item = make_item(database)
    read_all(database)
    with database.transaction() as session:
        sales.store(session, item, a_history([a_sale(1_000, timedelta(hours=1))]), 1_000)

    (found,) = known(database).values()

    assert (found.sold, found.sold_within) == (1, 30 * 86_400)


def test_titles_without_sales_or_prices_are_known_too(database: Database) -> None:
    """No sales at all is not the same as unknown sales."""
    none, unknown = make_items(database, 2).values()
    read_all(database)
    with database.transaction() as session:
        sales.store(session, none, a_history([]), None)

    found = known(database)

    assert found[none].sold == 0
    assert found[unknown] == Features(None, 0, None, 0, 0, 0)


def test_what_was_never_read_or_is_forgotten_has_no_features(database: Database) -> None:
    """Nothing can be said of it."""
    make_items(database, 2, at=NOW - FORGOTTEN, prefix="Gone")
    make_items(database, 1, prefix="Kept")
    before = known(database)
    read_all(database)

    assert before == {}
    assert len(known(database)) == 1


def test_selling_costs_what_the_list_says_and_else_what_is_assumed(database: Database) -> None:
    """The worth of a title needs no reduced fees."""
    with database.transaction() as session:
        assert features.usual_fee(session, CSGO) == CSGO.default_fee_bps
