"""Who polls, on a real PostgreSQL."""

from collections.abc import Iterator

import pytest

from bot.lease import PollLease
from models.database import Database
from sandbox.servers.ports import free_port

BOT, OTHER_BOT = 1234, 5_000_001_234


@pytest.fixture
def leases(database_url: str) -> Iterator[tuple[PollLease, PollLease]]:
    pair = PollLease(database_url, BOT), PollLease(database_url, BOT)
    yield pair
    for lease in pair:
        lease.release()


def cut(database: Database) -> None:
    """The server ends the connections of all pollers, as when their hosts are gone."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'skinbeat-bot-poller' AND datname = current_database()"
        )


def test_one_of_two_holds_it_and_keeps_it(leases: tuple[PollLease, PollLease]) -> None:
    """Asking again changes nothing."""
    one, other = leases

    assert [one.take(), other.take(), one.take(), other.take()] == [True, False, True, False]


def test_it_is_free_at_once_when_given_back(leases: tuple[PollLease, PollLease]) -> None:
    """Also when given back twice."""
    one, other = leases
    one.take()
    one.release()
    one.release()

    assert [other.take(), one.take()] == [True, False]


def test_whoever_lost_the_connection_does_not_know_and_asks_anew(
    leases: tuple[PollLease, PollLease], database: Database
) -> None:
    """None first; then the other one has it, or whoever asks first."""
    one, other = leases
    one.take()
    cut(database)

    assert one.take() is None
    assert [other.take(), one.take()] == [True, False]


def test_without_a_database_nobody_knows() -> None:
    """No error: the process goes on doing what it did."""
    lease = PollLease(f"postgresql://me:pw@127.0.0.1:{free_port()}/x", BOT)

    assert lease.take() is None


def test_bots_with_other_tokens_do_not_mind(leases: tuple[PollLease, PollLease], database_url: str) -> None:
    """Each bot on one database has a lease of its own, however large its number."""
    other = PollLease(database_url, OTHER_BOT)

    assert [leases[0].take(), other.take()] == [True, True]
    other.release()
