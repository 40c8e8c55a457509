"""The engine and the only commit."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import Session


class Database:
    """A pool of connections; made once per process, after a fork, closed by `dispose`.

    `pool_size` connections are kept and as many more lent under load. Statements end after 20 s and
    wait at most 5 s for a lock.
    """

    def __init__(self, url: str, *, pool_size: int = 5, name: str = "skinbeat") -> None:
        self.engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={
                "connect_timeout": 5,
                "application_name": name,
                "options": "-c timezone=UTC -c statement_timeout=20000 -c lock_timeout=5000",
            },
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back when anything is raised."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()
