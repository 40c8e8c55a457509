"""Which of the workers reads for all: whoever holds PostgreSQL's lock, which ends with its holder's connection."""

from sqlalchemy import Connection, NullPool, create_engine, text

from models.database import CONNECTION

NUMBER = 0x534B4558  # any fixed one: "SKEX"
# A statement must not hold up the others, and a holder that stands still loses the lock within a minute.
OPTIONS = "-c timezone=UTC -c statement_timeout=2000 -c lock_timeout=1000 -c idle_session_timeout=60000"


class ReadersLock:
    """Its methods block and are called one at a time."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(
            url,
            poolclass=NullPool,  # who has no lock keeps no connection
            isolation_level="AUTOCOMMIT",  # no transaction is left open between two looks
            connect_args={**CONNECTION, "application_name": "skinbeat worker exporter", "options": OPTIONS},
        )
        self._connection: Connection | None = None

    def take(self) -> Connection | None:
        """The connection that holds the lock, None where another process has it; SQLAlchemyError without a database."""
        if self._connection is None:
            opened = self._engine.connect()
            if opened.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": NUMBER}):
                self._connection = opened
            else:
                opened.close()
        return self._connection

    def release(self) -> None:
        """Let another process read, at once."""
        gone, self._connection = self._connection, None
        if gone is not None:
            gone.close()
