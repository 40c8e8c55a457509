from datetime import timedelta
from decimal import Decimal

from domain.quotes import Sale, SalesHistory, SaleSide
from domain.variants import Variant
from models.database import Database
from models.queries import sales
from tests.factories import NOW, a_history, a_sale
from tests.rows import a_quote, make_item, make_items, make_partitions, price, rows, single

HOUR = timedelta(hours=1)


def store(database: Database, item: int, history: SalesHistory, careful: int | None = 950) -> None:
    with database.transaction() as session:
        sales.store(session, item, history, careful)


def load(database: Database, item: int) -> SalesHistory | None:
    with database.transaction() as session:
        return sales.load(session, item)


def wanted(database: Database, limit: int = 10) -> list[int]:
    """The ids most wanted when sales older than an hour count as unknown."""
    with database.transaction() as session:
        return [one.item_id for one in sales.most_wanted(session, NOW, NOW - HOUR, limit)]


def test_sales_come_back_as_they_were_stored(database: Database) -> None:
    """Every field: sides, variants, floats to the last digit, absent ones as absent."""
    item = make_item(database)
    full = Sale(
        1234,
        NOW - HOUR,
        SaleSide.TARGET,
        Variant("phase-2", "burning flames", "blue gem"),
        Decimal("0.070000002160668376"),
        661,
    )
    history = SalesHistory((full, a_sale(1, 2 * HOUR, side=SaleSide.UNKNOWN), a_sale(3, 3 * HOUR)), NOW, complete=False)

    store(database, item, history)

    read = load(database, item)
    assert read == history
    assert read is not None
    assert str(read.sales[0].float_value) == "0.070000002160668376"


def test_a_title_whose_sales_were_never_read_has_none(database: Database) -> None:
    """None is not the same as no sales."""
    item = make_item(database)
    before = load(database, item)

    store(database, item, a_history([]))

    assert before is None
    assert load(database, item) == SalesHistory((), NOW)


def test_a_newer_read_replaces_the_sales_and_an_older_one_does_not(database: Database) -> None:
    """With the careful price that came with them."""
    item = make_item(database)
    newest = a_history([a_sale(700)], observed_at=NOW)
    store(database, item, a_history(observed_at=NOW - HOUR), 950)
    store(database, item, newest, 700)

    store(database, item, a_history(observed_at=NOW - HOUR), 950)

    assert load(database, item) == newest
    assert single(database, "SELECT price FROM sales_references") == 700


def test_unknown_sales_come_before_old_ones_and_tight_spreads_before_wide_ones(database: Database) -> None:
    """Where the ask is down at the bids, a cheap offer may hide; fresh sales are wanted by nobody."""
    make_partitions(database)
    wide, tight, old, fresh, also_tight = make_items(database, 5).values()
    price(
        database,
        {
            wide: a_quote(500, 1000),
            tight: a_quote(990, 1000),
            old: a_quote(999, 1000),
            fresh: a_quote(999, 1000),
            also_tight: a_quote(990, 1000),
        },
    )
    store(database, old, a_history(observed_at=NOW - HOUR - timedelta(seconds=1)))
    store(database, fresh, a_history(observed_at=NOW - HOUR))

    assert wanted(database) == [tight, also_tight, wide, old]
    assert wanted(database, limit=1) == [tight]


def test_sales_go_by_what_a_title_is_worth_and_how_old_they_are(database: Database) -> None:
    """Unknown ones count as a day old: they come first among equals, not before a title worth much more."""
    make_partitions(database)
    ids = list(make_items(database, 400).values())
    old, older, unknown, cheap = ids[0], ids[150], ids[250], ids[350]
    price(database, dict.fromkeys((old, older, unknown, cheap), a_quote(900, 1_000)))
    for item, worth in ((old, 900), (older, 900), (unknown, 100), (cheap, 10)):
        rows(
            database,
            "UPDATE item_groups g SET worth = :worth FROM items i WHERE group_id = g.id AND i.id = :item RETURNING 1",
            worth=worth,
            item=item,
        )
    store(database, old, a_history(observed_at=NOW - 2 * HOUR))
    store(database, older, a_history(observed_at=NOW - 3 * HOUR))

    assert wanted(database) == [older, unknown, old, cheap]


def test_titles_outside_the_bands_or_without_bids_are_not_wanted(database: Database) -> None:
    """No level holds them, or nothing says that the ask is low."""
    make_partitions(database)
    ids = list(make_items(database, 6).values())
    quotes = [a_quote(40, 49), a_quote(40, 50), a_quote(9, 100_000), a_quote(9, 100_001), a_quote(None, 500)]
    price(database, dict(zip(ids, quotes, strict=False)))

    assert wanted(database) == [ids[1], ids[2]]


def test_a_bid_far_above_the_ask_does_not_stop_the_others(database: Database) -> None:
    """A Ruby's bid under the title of all Dopplers is thousands of dollars above their ask."""
    make_partitions(database)
    ids = list(make_items(database, 2).values())
    price(database, {ids[0]: a_quote(990, 1000), ids[1]: a_quote(1_500_000, 90_000)})

    assert wanted(database) == [ids[1], ids[0]]
