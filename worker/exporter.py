"""A thread that reads for all processes what only the database and the broker know, while it holds the lock for it.

One worker of any number does, so Prometheus is told each number once. Where a read fails nothing is told.
"""

from contextlib import suppress
from datetime import UTC, datetime
from threading import Event, Thread

from celery import Celery
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from telemetry.logs import logger
from telemetry.readings import Readings
from worker.lock import ReadersLock
from worker.observing import of_broker, of_database

log = logger(__name__)

SECONDS = 15.0  # between two looks
DATABASE, BROKER = "database", "broker"


class Exporter:
    """Runs from `start` to `stop`."""

    def __init__(self, settings: Settings, app: Celery, readings: Readings) -> None:
        self._settings = settings
        self._app = app
        self._readings = readings
        self._lock = ReadersLock(settings.database_url)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="exporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends with the round under way; does not wait for it."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.round(datetime.now(UTC))
            except Exception:  # a thread's edge: the worker works without it
                log.exception("the state could not be read for the metrics")
                self._forget()
            self._stopping.wait(SECONDS)
        self._forget()

    def round(self, now: datetime) -> None:
        """Read and tell, where no other process does."""
        try:
            connection = self._lock.take()
            if connection is None:
                return
            self._readings.replace(DATABASE, of_database(connection, self._settings, now))
        except SQLAlchemyError as error:
            log.info("the state of the database is not told", reason=type(error).__name__)
            self._forget()
            return
        try:
            self._readings.replace(BROKER, of_broker(self._app, now))
        except BrokerError as error:
            log.info("the state of the broker is not told", reason=type(error).__name__)
            self._readings.forget(BROKER)

    def _forget(self) -> None:
        self._readings.forget(DATABASE)
        self._readings.forget(BROKER)
        with suppress(SQLAlchemyError):
            self._lock.release()
