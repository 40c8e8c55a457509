"""Who keeps a session waiting: asked beside it while it waits, because the server's refusal does not say."""

from collections.abc import Sequence
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, Row, text
from sqlalchemy.exc import DBAPIError

EVERY = 0.2  # seconds between two looks; far below any time-out of a lock
# Of other users' sessions PostgreSQL shows the times to superusers and to pg_read_all_stats alone; never their queries
# here, which may hold what subscribers wrote.
QUESTION = text("""
    SELECT b.pid, coalesce(a.usename::text, a.backend_type, 'a prepared transaction') AS name, a.application_name,
        extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS seconds,
        (SELECT coalesce(w.relation::regclass::text, w.locktype) FROM pg_locks w WHERE w.pid = :pid AND NOT w.granted
            LIMIT 1) AS wanted
    FROM unnest(pg_blocking_pids(:pid)) AS b (pid) LEFT JOIN pg_stat_activity a ON a.pid = b.pid
    ORDER BY a.xact_start NULLS LAST, b.pid
""")


class Holders:
    """While it is entered, sees who holds what the session `pid` waits for, over a connection of its own."""

    def __init__(self, engine: Engine, pid: int) -> None:
        self._engine = engine
        self._pid = pid
        self._told = ""
        self._ended = Event()
        self._thread = Thread(target=self._look, name="holders", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(timeout=5)

    def take(self) -> str:
        """What was waited for since the last call, and who held it; "another session" where that was not to be had."""
        told, self._told = self._told, ""
        return told or "what it needs is held by another session"

    def _look(self) -> None:
        """A database that lets nobody else in costs the names, not the migration."""
        if self._ended.wait(EVERY):
            return  # most migrations: over before anybody can have waited
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
                while not self._ended.wait(EVERY):
                    self._told = _sentence(own.execute(QUESTION, {"pid": self._pid}).all()) or self._told
        except DBAPIError:
            return


def _sentence(found: Sequence[Row[Any]]) -> str:
    sessions = " and ".join(_session(row) for row in found)
    return f"{found[0].wanted or 'what it needs'} is held by {sessions}" if found else ""


def _session(row: Row[Any]) -> str:
    application = f" ({row.application_name})" if row.application_name else ""
    since = "" if row.seconds is None else f", in a transaction for {row.seconds} s"
    return f"session {row.pid} of {row.name}{application}{since}"
