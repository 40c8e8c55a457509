from collections.abc import Iterator

import pytest
from sqlalchemy import text

from models.database import Database
from tests.rows import single

OTHERS = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = 'to be ended'"


@pytest.fixture
def pooled(database: Database) -> Iterator[Database]:
    """Two idle connections to the same database."""
    own = Database(database.engine.url.render_as_string(hide_password=False), pool_size=2, name="to be ended")
    with own.transaction() as first, own.transaction() as second:
        first.execute(text("SELECT 1"))
        second.execute(text("SELECT 1"))
    yield own
    own.dispose()


def test_connections_that_the_server_ended_are_replaced_unseen(pooled: Database, database: Database) -> None:
    """After a restart of the server no transaction fails because of what the pool still held."""
    ended = single(database, OTHERS)

    with pooled.transaction() as first, pooled.transaction() as second:
        found = first.scalar(text("SELECT 1")), second.scalar(text("SELECT 2"))

    assert ended == 2
    assert found == (1, 2)


def test_a_connection_that_was_only_told_something_is_kept(database: Database) -> None:
    """A changed setting of the server is announced to idle connections too."""
    with database.transaction() as session:
        before = session.scalar(text("SELECT pg_backend_pid()"))
        session.execute(text("LISTEN somebody"))
    teller = Database(database.engine.url.render_as_string(hide_password=False))
    with teller.transaction() as session:
        session.execute(text("NOTIFY somebody"))
    teller.dispose()

    with database.transaction() as session:
        after = session.scalar(text("SELECT pg_backend_pid()"))

    assert after == before
