"""The HTTP server of a worker, as a step of its start."""

from typing import Any

from celery import bootsteps

from telemetry import http
from worker import checks
from worker.application import settings


class HttpStep(bootsteps.StartStopStep):
    """Serves before the broker is reached: a worker that waits for its broker is alive, only not ready.

    After the pool, so that forked children do not carry the server's thread.
    """

    requires = ("celery.worker.components:Pool",)
    server: http.HttpServer | None = None

    def start(self, _parent: Any) -> None:
        ready = {"database": checks.database, "broker": checks.broker}
        self.server = http.serve(settings().http_host, settings().http_port, ready)

    def stop(self, _parent: Any) -> None:
        if self.server:
            self.server.close()
            self.server = None

    def terminate(self, parent: Any) -> None:
        self.stop(parent)
