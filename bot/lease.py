"""Which of the bot processes polls: whoever holds PostgreSQL's lock, which ends with its holder's connection."""

from typing import Any

import psycopg2
from psycopg2.extensions import connection
from sqlalchemy.engine import make_url

NUMBER = 0x534B5054  # any fixed one: "SKPT"
# Both ends notice a silent peer within 9 s, so that another process can take over.
CONNECTION: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 9_000,
    "options": "-c statement_timeout=3000 -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2"
    " -c tcp_keepalives_count=2 -c tcp_user_timeout=9000",
}


class PollLease:
    """The lock of the bot with this number. Its methods block and are called one at a time."""

    def __init__(self, database_url: str, bot: int) -> None:
        self._dsn = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._bot = bot % 2**31
        self._connection: connection | None = None
        self._held = False

    def take(self) -> bool | None:
        """Whether this process is the one that polls; None while the database does not say."""
        try:
            own = self._connection = self._connection or self._connect()
            with own.cursor() as cursor:
                if self._held:
                    cursor.execute("SELECT true")  # as long as the connection lives, so does the lock
                else:
                    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (NUMBER, self._bot))
                row = cursor.fetchone()
        except psycopg2.Error:
            self.release()
            return None
        self._held = bool(row and row[0])
        return self._held

    def release(self) -> None:
        """Let another process poll, at once."""
        gone, self._connection, self._held = self._connection, None, False
        if gone is not None:
            gone.close()

    def _connect(self) -> connection:
        own: connection = psycopg2.connect(self._dsn, application_name="skinbeat-bot-poller", **CONNECTION)
        own.autocommit = True
        return own
