from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from models.database import Database
from models.prepared import Prepared
from tests.rows import single

SUM = Prepared("sum_of_two", "SELECT CAST(%(a)s AS int) + %(b)s AS total, CAST(%(a)s AS int) AS first")


@pytest.fixture
def narrow(database: Database) -> Iterator[Database]:
    """The same database through one connection."""
    url = database.engine.url.render_as_string(hide_password=False)
    one = Database(url, pool_size=1)
    yield one
    one.dispose()


def prepared(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT name FROM pg_prepared_statements ORDER BY name")))


def test_values_stand_where_they_are_named(narrow: Database) -> None:
    """Also where one of them is named twice, and whatever is in a text."""
    quoted = Prepared("quoted", "SELECT CAST(%(word)s AS text) AS word")

    with narrow.transaction() as session:
        row = SUM.run(session, {"b": 3, "a": 4}).one()
        word = quoted.run(session, {"word": "it's 100 % $1 :a"}).scalar_one()

    assert (row.total, row.first) == (7, 4)
    assert word == "it's 100 % $1 :a"


def test_a_connection_prepares_a_statement_once(narrow: Database) -> None:
    """The next transaction finds it, also where the first one was rolled back."""
    with narrow.transaction() as session:
        SUM.run(session, {"a": 1, "b": 2})
        session.rollback()

    with narrow.transaction() as session:
        first = prepared(session)
        total = SUM.run(session, {"a": 1, "b": 2}).one().total
        second = prepared(session)

    assert first == second == ["sum_of_two"]
    assert total == 3


def test_a_new_connection_prepares_it_anew(narrow: Database, database: Database) -> None:
    """What the server forgot with a connection that it ended is not believed to be there."""
    with narrow.transaction() as session:
        SUM.run(session, {"a": 1, "b": 2})
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    single(database, "SELECT pg_terminate_backend(:pid, 5000)", pid=backend)

    with narrow.transaction() as session:
        total = SUM.run(session, {"a": 1, "b": 2}).one().total

    assert total == 3


def test_a_statement_that_cannot_be_prepared_is_tried_again(narrow: Database) -> None:
    """A worker may run before the tables are there."""
    later = Prepared("later", "SELECT count(*) + CAST(%(more)s AS int) FROM made_later")
    with pytest.raises(ProgrammingError), narrow.transaction() as session:
        later.run(session, {"more": 1})

    with narrow.transaction() as session:
        session.execute(text("CREATE TEMPORARY TABLE made_later ()"))
        found = later.run(session, {"more": 1}).scalar_one()

    assert found == 1
