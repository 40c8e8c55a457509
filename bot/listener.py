"""Postgres calls: a connection of its own that listens for new alerts."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from random import random

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection
from sqlalchemy.engine import make_url

from domain.backoff import delay
from models.queries.alerts import CHANNEL
from telemetry.logs import logger

log = logger(__name__)

FIRST, MOST = timedelta(seconds=1), timedelta(seconds=30)


class Listener:
    """Calls `wake` in the event loop for every notification, and once after each (re)connection."""

    def __init__(self, database_url: str, wake: Callable[[], None]) -> None:
        self._dsn = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._wake = wake

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made anew, at most 30 s apart."""
        attempt = 0
        while True:
            try:
                own = await asyncio.to_thread(self._connect)
                attempt = 0
                await self._listen(own)
            except psycopg2.Error as error:
                attempt += 1
                reason = str(error).strip().partition("\n")[0]
                log.warning("not listening for new alerts, polling goes on", reason=reason, attempt=attempt)
                await asyncio.sleep(delay(attempt, first=FIRST, most=MOST, jitter=random()).total_seconds())  # noqa: S311  # spreads reconnections, keeps no secret

    def _connect(self) -> connection:
        own = psycopg2.connect(
            self._dsn,
            connect_timeout=5,
            application_name="skinbeat-bot-listener",
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
        )
        own.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with own.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        return own

    async def _listen(self, own: connection) -> None:
        """Raises psycopg2.Error when the connection breaks."""
        loop = asyncio.get_running_loop()
        broken: asyncio.Future[None] = loop.create_future()

        def read() -> None:
            try:
                own.poll()
            except psycopg2.Error as error:
                loop.remove_reader(descriptor)
                broken.set_exception(error)
            if own.notifies:
                own.notifies.clear()
                self._wake()

        descriptor = own.fileno()
        loop.add_reader(descriptor, read)
        self._wake()  # for what was announced while nobody listened
        try:
            await broken
        finally:
            loop.remove_reader(descriptor)
            own.close()
