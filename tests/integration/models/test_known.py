from datetime import timedelta

import pytest

from domain.fees import DefaultFee, FeeList, FeeSource, ItemFees, ReducedFee
from domain.games import CSGO
from domain.nomination import Known
from domain.quotes import SalesHistory
from models.database import Database
from models.queries import fees, nominees, opportunities, sales
from models.queries.fees import MAX_AGE
from tests.factories import NOW, TITLE, a_history, a_reduced_fee
from tests.integration.models.verdicts import an_opportunity, evidence_at
from tests.rows import a_claimed, make_item, rows

DEFAULT = DefaultFee(500, 1)


def store_fees(database: Database, *reduced: ReducedFee, game: str = "csgo", default: DefaultFee = DEFAULT) -> None:
    with database.transaction() as session:
        fees.store(session, game, FeeList(default, reduced), NOW)


def fees_of(database: Database, title: str = TITLE, *, age: timedelta = timedelta()) -> ItemFees:
    with database.transaction() as session:
        return fees.for_titles(session, CSGO, [title, "another"], NOW + age)[title]


def store_sales(database: Database, item: int, history: SalesHistory, price: int | None = 950) -> None:
    with database.transaction() as session:
        sales.store(session, item, history, price)


def known(database: Database, item: int) -> Known:
    """What is known when sales read an hour before NOW are still fresh."""
    with database.transaction() as session:
        return nominees.known(session, CSGO, {TITLE: item}, NOW - timedelta(hours=1), NOW)[TITLE]


def test_fees_that_were_never_read_are_assumed(database: Database) -> None:
    """The conservative rate of the game, and it is said so."""
    unread = fees_of(database)

    assert unread == ItemFees(None, CSGO.default_fee_bps)
    assert unread.rate(1000, NOW).source is FeeSource.ASSUMED


@pytest.mark.parametrize(("age", "believed"), [(MAX_AGE, True), (MAX_AGE + timedelta(seconds=1), False)])
def test_a_list_that_is_too_old_is_not_believed(database: Database, age: timedelta, believed: bool) -> None:
    """Nor are its reduced rows."""
    store_fees(database, a_reduced_fee())

    read = fees_of(database, age=age)

    assert (read.default == DEFAULT) is believed
    assert bool(read.reduced) is believed


def test_a_title_gets_all_its_reduced_rows_and_no_others(database: Database) -> None:
    """Several price ranges of one title; those of another title or game do not count."""
    mine = (a_reduced_fee(200, prices=(1, 500)), a_reduced_fee(300, prices=(501, 900)))
    store_fees(database, *mine, a_reduced_fee(100, title="another one"))
    store_fees(database, a_reduced_fee(0), game="rust")

    read = fees_of(database)

    assert set(read.reduced) == set(mine)
    assert (read.default, read.observed_at) == (DEFAULT, NOW)


def test_a_new_list_replaces_the_old_one(database: Database) -> None:
    """A reduction that is no longer listed ends; a row that comes twice is kept once, the last one."""
    store_fees(database, a_reduced_fee(200), a_reduced_fee(100, title="old"))

    store_fees(database, a_reduced_fee(200), a_reduced_fee(250), default=DefaultFee(700, 3))

    assert fees_of(database).reduced == (a_reduced_fee(250),)
    assert fees_of(database).default == DefaultFee(700, 3)
    assert fees_of(database, "old").reduced == ()


def test_when_a_list_was_read_is_known(database: Database) -> None:
    """Per game, None before the first time."""
    store_fees(database)

    with database.transaction() as session:
        assert fees.observed_at(session, "csgo") == NOW
        assert fees.observed_at(session, "rust") is None


def test_nothing_is_known_of_a_new_title(database: Database) -> None:
    """Assumed fees, no sales, no opportunity."""
    found = known(database, make_item(database, TITLE))

    assert found == Known(ItemFees(None, CSGO.default_fee_bps))


@pytest.mark.parametrize(("age", "fresh"), [(timedelta(hours=1), True), (timedelta(hours=1, seconds=1), False)])
def test_sales_count_as_known_while_they_are_fresh(database: Database, age: timedelta, fresh: bool) -> None:
    """Their price is a hint in either case: verification reads them anew."""
    item = make_item(database, TITLE)
    store_sales(database, item, a_history(observed_at=NOW - age))

    found = known(database, item)

    assert (found.sales_known, found.sales_price) == (fresh, 950)


def test_sales_without_a_price_are_known_too(database: Database) -> None:
    """A title that never sells need not be asked about again."""
    item = make_item(database, TITLE)
    store_sales(database, item, a_history([]), price=None)

    assert known(database, item) == Known(ItemFees(None, CSGO.default_fee_bps), None, sales_known=True)


def test_an_open_opportunity_is_known_until_it_is_gone(database: Database) -> None:
    """It decides that the title is confirmed by every scan."""
    item = make_item(database, TITLE)
    claimed = a_claimed(database, item)
    with database.transaction() as session:
        opportunities.record(session, claimed, [an_opportunity()], evidence_at(0), "")
    while_open = known(database, item).open_opportunity

    with database.transaction() as session:
        opportunities.record(session, claimed, [], evidence_at(1), "no_offer")

    assert (while_open, known(database, item).open_opportunity) == (True, False)
    assert rows(database, "SELECT state FROM opportunities") == [("gone",)]
