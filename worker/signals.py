"""What each Celery process does when it starts and stops: logs, services, the HTTP server."""

import sys
from typing import Any

from celery.signals import beat_init, setup_logging, worker_init, worker_process_init, worker_ready, worker_shutdown
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tasks.services import services
from telemetry import http, logs
from worker.application import app, role_of, settings

Checks = dict[str, http.Check]
_servers: list[http.HttpServer] = []


@setup_logging.connect
def set_up_logs(**_kwargs: Any) -> None:
    """Ours instead of Celery's: one format, secrets removed."""
    logs.setup(settings(), role_of(sys.argv[1:]))


@worker_init.connect
@worker_process_init.connect
def set_up_services(**_kwargs: Any) -> None:
    services.configure(settings())


@worker_ready.connect
def serve_worker(**_kwargs: Any) -> None:
    _serve({"database": check_database, "broker": check_broker})


@beat_init.connect
def serve_beat(**_kwargs: Any) -> None:
    _serve({"broker": check_broker})


@worker_shutdown.connect
def close(**_kwargs: Any) -> None:
    while _servers:
        _servers.pop().close()


def _serve(checks: Checks) -> None:
    server = http.serve(settings().http_host, settings().http_port, checks)
    if server is not None:
        _servers.append(server)


def check_database() -> str | None:
    """None when the database answers, else what is wrong."""
    engine = create_engine(settings().database_url, poolclass=NullPool, connect_args={"connect_timeout": 2})
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return None


def check_broker() -> str | None:
    """None when the broker takes a connection, else what is wrong."""
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2)
    return None
