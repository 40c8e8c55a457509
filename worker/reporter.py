"""A thread that looks at what this process depends on and tells the others through the database."""

import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from domain.conditions import Part
from models.queries.conditions import report
from tasks.probing import probe
from tasks.services import Services
from telemetry.conditions import Conditions, look
from telemetry.http import Check
from telemetry.logs import logger
from worker import checks

log = logger(__name__)

SECONDS = 5.0  # between two looks; a change of what the tasks notice is told at once,
LEAST_SECONDS = 1.0  # but not more often than this
WORKER: Mapping[str, Check] = {Part.DATABASE: checks.database, Part.BROKER: checks.broker, Part.BUDGET: checks.budget}
BEAT: Mapping[str, Check] = {Part.BROKER: checks.broker}


class Reporter:
    """Runs from `start` to `stop`. Without `work`, as in beat, it only keeps `conditions` and with them the metrics."""

    def __init__(self, conditions: Conditions, looks: Mapping[str, Check], work: Services | None = None) -> None:
        self._conditions = conditions
        self._looks = looks
        self._work = work
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="reporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends with the next look; does not wait for it."""
        self._stopping.set()
        self._conditions.changed.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                look(self._conditions, self._looks, datetime.now(UTC))
                self._conditions.changed.clear()  # what changes from here on is told in the next round
                self._tell()
            except Exception:  # a thread's edge: without reports the worker would count as dead
                log.exception("the conditions could not be reported")
            self._stopping.wait(LEAST_SECONDS)
            self._conditions.changed.wait(SECONDS - LEAST_SECONDS)

    def _tell(self) -> None:
        if self._work is None:
            return
        try:
            with self._work.database.transaction() as session:
                report(session, self._name, self._conditions.all(), self._work.now())
            probe(self._work, self._conditions, self._work.now())
        except SQLAlchemyError as error:
            reason = checks.first_line(getattr(error, "orig", None) or error)
            self._conditions.failed(Part.DATABASE, f"the database does not answer: {reason}", self._work.now())
        else:
            self._conditions.good(Part.DATABASE, self._work.now())
