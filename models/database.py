"""The engine and the only commit."""

import select
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import connection
from sqlalchemy import create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

# A host that is cut off sends no goodbye: without these the server keeps its rows locked, and a statement waits for
# its answer, for hours. Both sides notice a silent peer within 20 s; a transaction in which nothing happens ends
# sooner, because the locks it holds stop others.
CONNECTION = {
    "connect_timeout": 5,  # seconds, as the keepalives
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # milliseconds, as all time-outs of the session
}
SESSION = {
    "timezone": "UTC",
    "statement_timeout": 20_000,
    "lock_timeout": 5_000,
    "idle_in_transaction_session_timeout": 10_000,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}


class Database:
    """A pool of connections; made once per process, after a fork, closed by `dispose`.

    `pool_size` connections are kept and as many more lent under load, `most` together. Statements end after 20 s,
    wait at most 5 s for a lock, and may leave their transaction alone for at most 10 s.
    """

    def __init__(self, url: str, *, pool_size: int = 5, name: str = "skinbeat") -> None:
        self.most = 2 * pool_size
        self.engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            pool_recycle=1800,
            connect_args={**CONNECTION, "application_name": name, "options": _options()},
        )
        event.listen(self.engine, "checkout", _refuse_dead)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back when anything is raised."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def _refuse_dead(idle: connection, _record: object, _proxy: object) -> None:
    """Have the pool connect anew where the server has ended this connection.

    It says so when it ends one, or its kernel does, so a connection with nothing to read is good as far as anybody
    can tell. pool_pre_ping would ask each time: a tenth of what a transaction of one statement costs.
    """
    waiting = select.poll()
    waiting.register(idle.fileno(), select.POLLIN)
    if not waiting.poll(0):
        return
    try:
        with idle.cursor() as cursor:
            cursor.execute("SELECT")
        idle.rollback()
    except psycopg2.Error as error:
        raise InvalidatePoolError from error


def _options() -> str:
    return " ".join(f"-c {name}={value}" for name, value in SESSION.items())
