from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.database import Database
from models.queries import prices
from tests.factories import NOW
from tests.rows import a_quote, make_item, make_items, make_partitions, price, rows, single

SECOND = timedelta(seconds=1)


@pytest.fixture
def item(database: Database) -> int:
    make_partitions(database)
    return make_item(database)


def current(database: Database, item: int) -> tuple[Any, ...]:
    (row,) = rows(database, "SELECT bid, bid_count, ask, ask_count FROM prices WHERE item_id = :id", id=item)
    return tuple(row)


def changes(database: Database, item: int) -> list[tuple[Any, ...]]:
    """The asks in the title's history with their times, oldest first."""
    query = "SELECT ask, observed_at FROM price_history WHERE item_id = :id ORDER BY observed_at"
    return [tuple(row) for row in rows(database, query, id=item)]


def test_a_first_price_is_kept_with_a_history_row(database: Database, item: int) -> None:
    """Both sides with their counts, in cents."""
    changed = price(database, {item: a_quote(900, 1000)})

    assert changed == 1
    assert current(database, item) == (900, 1, 1000, 2)
    assert changes(database, item) == [(1000, NOW)]


def test_only_what_changed_gets_a_history_row(database: Database) -> None:
    """One of three titles moved: one change, one more row."""
    make_partitions(database)
    ids = list(make_items(database, 3).values())
    quotes = {item: a_quote(900, 1000) for item in ids}
    price(database, quotes)

    changed = price(database, quotes | {ids[1]: a_quote(900, 1010)}, NOW + SECOND)

    assert changed == 1
    assert changes(database, ids[0]) == [(1000, NOW)]
    assert changes(database, ids[1]) == [(1000, NOW), (1010, NOW + SECOND)]


def test_a_row_that_did_not_change_is_not_written(database: Database, item: int) -> None:
    """The very same row version stays: no dead tuple, no lock, no write-ahead log."""
    price(database, {item: a_quote()})
    version = "SELECT xmin::text, xmax::text, ctid::text, confirmed_at FROM prices"
    before = rows(database, version)

    changed = price(database, {item: a_quote()}, NOW + SECOND)

    assert changed == 0
    assert rows(database, version) == before


@pytest.mark.parametrize("quote", [a_quote(901, 1000), a_quote(900, None), a_quote(None, 1000)])
def test_each_side_is_watched_for_changes(database: Database, item: int, quote: Any) -> None:
    """A price that moved and a side that emptied are changes, NULL being a value like any other."""
    price(database, {item: a_quote(900, 1000)})

    assert price(database, {item: quote}, NOW + SECOND) == 1
    assert current(database, item) == (quote.bid, quote.bid_count, quote.ask, quote.ask_count)


def test_a_title_that_was_left_out_has_two_empty_sides(database: Database, item: int) -> None:
    """The exchange leaves out what nobody offers or wants; that is a change once, not every time."""
    price(database, {item: a_quote()})

    first, second = price(database, {item: None}, NOW + SECOND), price(database, {item: None}, NOW + 2 * SECOND)

    assert (first, second) == (1, 0)
    assert current(database, item) == (None, 0, None, 0)
    assert changes(database, item) == [(1000, NOW), (None, NOW + SECOND)]


def test_an_older_read_never_replaces_a_newer_one(database: Database, item: int) -> None:
    """A worker that was held up comes home with yesterday's news: no change, no history."""
    price(database, {item: a_quote(900, 1000)}, NOW)

    changed = price(database, {item: a_quote(700, 800)}, NOW - SECOND)

    assert changed == 0
    assert current(database, item) == (900, 1, 1000, 2)
    assert changes(database, item) == [(1000, NOW)]


def test_an_older_read_does_not_replace_what_was_confirmed_since(database: Database, item: int) -> None:
    """The price is an hour old, but it was seen true after the late read was made."""
    price(database, {item: a_quote(900, 1000)}, NOW - timedelta(hours=1))
    price(database, {item: a_quote(900, 1000)}, NOW, confirm=True)

    changed = price(database, {item: a_quote(700, 800)}, NOW - SECOND)

    assert changed == 0
    assert current(database, item) == (900, 1, 1000, 2)


def test_confirming_marks_unchanged_prices_as_seen(database: Database, item: int) -> None:
    """Their change keeps its time; a confirmation out of order does not turn the clock back."""
    price(database, {item: a_quote()})

    price(database, {item: a_quote()}, NOW + 2 * SECOND, confirm=True)
    price(database, {item: a_quote()}, NOW + SECOND, confirm=True)

    assert rows(database, "SELECT changed_at, confirmed_at FROM prices") == [(NOW, NOW + 2 * SECOND)]


def test_prices_on_both_sides_of_midnight_land_in_their_days(database: Database, item: int) -> None:
    """Days begin at midnight UTC, whatever the zone of the time that was handed in."""
    midnight = NOW.replace(hour=0) + timedelta(days=1)
    times = (midnight - timedelta(microseconds=1), midnight)
    for number, at in enumerate(times):
        price(database, {item: a_quote(900, 1000 + number)}, at)

    days = rows(database, "SELECT tableoid::regclass::text FROM price_history ORDER BY observed_at")
    assert days == [("price_history_20261122",), ("price_history_20261123",)]
    assert single(database, "SELECT count(*) FROM price_history") == 2


def churn(database: Database) -> int:
    return int(single(database, "SELECT churn FROM prices"))


def test_churn_counts_changes_and_forgets_half_of_them_each_hour(database: Database, item: int) -> None:
    """A first price is no change; each later one weighs 1,000."""
    seen = []
    for number, minutes in enumerate((0, 1, 61, 121)):
        price(database, {item: a_quote(900, 1000 + number)}, NOW + timedelta(minutes=minutes))
        seen.append(churn(database))

    assert seen == [0, 1000, 1500, 1750]


def test_what_was_nominated_is_marked_until_another_look_says_no(database: Database, item: int) -> None:
    """With the price where it changes, alone where it does not."""
    promising = text("SELECT promising FROM prices")
    with database.transaction() as session:
        prices.store(session, {item: a_quote()}, NOW, promising={item})
        first = session.scalar(promising)
        prices.mark(session, [item], promising=False)
        second = session.scalar(promising)
        prices.mark(session, [item], promising=True)
        prices.store(session, {item: a_quote(900, 1001)}, NOW + SECOND)
        third = session.scalar(promising)

    assert (first, second, third) == (True, False, False)
