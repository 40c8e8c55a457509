"""The HTTP server of a worker and the threads that tell of it and of everything, as a step of its start."""

from typing import Any

from celery import bootsteps

from tasks.services import services
from telemetry import http
from telemetry.conditions import conditions
from telemetry.readings import readings
from worker import checks
from worker.application import settings
from worker.exporter import Exporter
from worker.reporter import WORKER, Reporter

READY = {
    "database": checks.database,
    "broker": checks.broker,
    "redis": checks.budget,
    "exchange": checks.exchange,
}


TOLD = {"data": checks.data}  # a worker without beat, or one that has just begun, can do its work all the same


class HttpStep(bootsteps.StartStopStep):
    """Serves before the broker is reached: a worker that waits for its broker is alive, only not ready.

    After the pool, so that forked children do not carry these threads.
    """

    requires = ("celery.worker.components:Pool",)
    server: http.HttpServer | None = None
    reporting: Reporter | None = None
    exporting: Exporter | None = None

    def start(self, parent: Any) -> None:
        self.exporting = Exporter(settings(), parent.app, readings)
        self.exporting.start()
        self.server = http.serve(settings().http_host, settings().http_port, READY, TOLD)
        self.reporting = Reporter(conditions, WORKER, services())
        self.reporting.start()

    def stop(self, _parent: Any) -> None:
        if self.reporting:
            self.reporting.stop()
            self.reporting = None
        if self.exporting:
            self.exporting.stop()
            self.exporting = None
        if self.server:
            self.server.close()
            self.server = None

    def terminate(self, parent: Any) -> None:
        self.stop(parent)
