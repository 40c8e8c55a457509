"""Sessions at PostgreSQL of a host whose packets are suddenly lost without a sign: neither side waits for long."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.database import Database
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import start_postgres
from tests.acceptance.market import eventually, nothing_left
from tests.hosts.network import HUB, Host

WAIT = "SELECT pg_sleep(15)"
LOCK = text("SELECT id FROM work WHERE id = 1 FOR NO KEY UPDATE")


@dataclass
class Lost:
    """Host `address` was cut off at `at` (time.monotonic() seconds) with an open transaction that holds a row,
    a statement under way and a connection at rest. `failure` is how the statement ended, None while it has not.
    """

    url: str
    address: str
    at: float
    failure: list[SQLAlchemyError]
    waiting: threading.Thread

    def seconds(self) -> float:
        return time.monotonic() - self.at

    def sessions(self) -> list[str]:
        """What each session that the server still keeps for the lost host did last."""
        return queries_of(self.url, self.address)


@pytest.fixture(scope="module")
def url(hosts: dict[str, Host], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on the hub with one row of work."""
    folder = tmp_path_factory.mktemp("hub")
    with ProcessFamily(folder / "run") as family:
        server = start_postgres(folder / "postgres", family, durable=False, host=HUB)
        with psycopg2.connect(server.url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE work AS SELECT 1 AS id")
        connection.close()
        yield server.url


def queries_of(url: str, address: str) -> list[str]:
    """The newest statement of each session from a host."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT query FROM pg_stat_activity WHERE client_addr = %s", (address,))
            return [row[0] for row in cursor]
    finally:
        connection.close()


def as_ours(url: str) -> Database:
    return Database(url.replace("postgresql://", "postgresql+psycopg2://"))


@pytest.fixture(scope="module")
def lost(hosts: dict[str, Host], url: str) -> Iterator[Lost]:
    host, database = hosts["two"], as_ours(url)
    failure: list[SQLAlchemyError] = []

    def hold() -> Session:
        session = Session(database.engine)
        session.execute(LOCK)
        return session

    def wait(session: Session) -> None:
        try:
            session.execute(text(WAIT))
        except SQLAlchemyError as error:
            failure.append(error)

    holder, asking, resting = (host.run(hold_one) for hold_one in (hold, *[lambda: _begun(database)] * 2))
    resting.close()  # back in the pool, still connected
    waiting = threading.Thread(target=wait, args=(asking,))
    waiting.start()
    eventually("the statement is under way", lambda: WAIT in queries_of(url, host.address))
    host.silence()
    try:
        yield Lost(url, host.address, time.monotonic(), failure, waiting)
    finally:
        host.bring_back()
        waiting.join()
        for session in (holder, asking):
            session.invalidate()
        database.dispose()


def _begun(database: Database) -> Session:
    session = Session(database.engine)
    session.execute(text("SELECT 1"))
    return session


def test_a_row_that_a_lost_host_held_is_free_again_within_15_s(lost: Lost) -> None:
    """Nobody tells the server that the host is gone: it ends the idle transaction by itself."""
    database = as_ours(lost.url)

    def locked() -> bool:
        try:
            with database.transaction() as session:
                session.execute(LOCK)
        except OperationalError:
            return False
        return True

    assert not locked()
    eventually("the row is free", locked, 20)
    database.dispose()
    assert lost.seconds() < 15


def test_a_statement_of_a_lost_host_ends_there_within_30_s(lost: Lost) -> None:
    """The answer never comes; the task that waits for it fails and its thread is free again."""
    lost.waiting.join(40)

    assert lost.seconds() < 30
    assert [type(error) for error in lost.failure] == [OperationalError]


def test_the_server_keeps_no_session_of_a_lost_host_after_30_s(lost: Lost) -> None:
    """Also the ones at rest in its pool count against max_connections."""
    nothing_left("sessions", lost.sessions, 40)

    assert lost.seconds() < 30
