from datetime import datetime, timedelta

from models.database import Database
from models.queries import leases
from tests.factories import NOW
from tests.integration.models.threads import at_once
from tests.rows import rows

LENGTH = timedelta(seconds=30)


def take(database: Database, at: datetime = NOW, name: str = "sales") -> bool:
    with database.transaction() as session:
        return leases.take(session, name, at, LENGTH)


def test_a_lease_is_held_by_one_until_it_ends(database: Database) -> None:
    """A holder that died frees it by doing nothing; other names are free."""
    first = take(database)
    second = take(database, NOW + LENGTH - timedelta(seconds=1))
    other = take(database, name="other")
    third = take(database, NOW + LENGTH)

    assert (first, second, other, third) == (True, False, True, True)


def test_a_lease_that_was_given_back_is_free_at_once(database: Database) -> None:
    """And leaves no row behind."""
    take(database)

    with database.transaction() as session:
        leases.give_back(session, "sales")

    assert rows(database, "SELECT name FROM leases") == []
    assert take(database)


def test_of_many_who_take_at_once_one_holds_it(database: Database) -> None:
    """Also when a lapsed lease is taken over."""
    fresh = at_once(6, lambda: take(database))
    lapsed = at_once(6, lambda: take(database, NOW + LENGTH))

    assert sum(fresh) == 1
    assert sum(lapsed) == 1
