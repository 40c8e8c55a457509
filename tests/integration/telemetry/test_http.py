"""The HTTP server of a process, over a real socket."""

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from threading import Event

import pytest
import structlog

from telemetry import metrics
from telemetry.http import HttpServer, serve

HOST = "127.0.0.1"
answers: dict[str, str | None] = {}


def get(port: int, path: str) -> tuple[int, str, str]:
    """Status, type and body."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


@pytest.fixture
def server() -> Iterator[HttpServer]:
    answers.update({"database": None, "broker": None})
    server = serve(HOST, 0, {name: partial(answers.get, name) for name in answers})
    assert server
    yield server
    server.close()


def test_health_asks_nobody(server: HttpServer) -> None:
    """A process is alive whatever its dependencies do."""
    answers["database"] = "away"

    status, kind, body = get(server.port, "/health")

    assert (status, kind, json.loads(body)) == (200, "application/json", {"status": "alive"})


def test_ready_tells_which_dependency_fails(server: HttpServer) -> None:
    """503 with the check's own sentence, 200 again when it is back."""
    answers["broker"] = "the broker does not answer"
    without = get(server.port, "/ready")
    answers["broker"] = None
    again = get(server.port, "/ready?verbose")

    assert without[0] == 503
    assert json.loads(without[2]) == {"database": "ok", "broker": "the broker does not answer"}
    assert again[0] == 200


def test_metrics_are_what_prometheus_reads(server: HttpServer) -> None:
    """Our names are there before anything was counted."""
    names = [metric.name for ours in (metrics.OPPORTUNITIES, metrics.API_REQUESTS) for metric in ours.describe()]

    status, kind, body = get(server.port, "/metrics")

    assert status == 200
    assert kind.startswith("text/plain; version=")
    assert names == ["arbitrage_opportunities_found", "dmarket_api_requests"]
    assert all(f"# TYPE {name}_total counter" in body for name in names)


def test_other_paths_name_the_ones_there_are(server: HttpServer) -> None:
    """A typing error in a scrape configuration explains itself."""
    status, _, body = get(server.port, "/")

    assert status == 404
    assert all(path in body for path in ("/health", "/ready", "/metrics"))


@pytest.mark.timed
def test_check_that_hangs_is_bounded() -> None:
    """An orchestrator's probe gets its answer within 3 seconds and a bit, and /health does not wait with it."""
    release = Event()
    server = serve(HOST, 0, {"database": lambda: str(release.wait(20))})
    assert server
    began = time.monotonic()

    with closing(socket.create_connection((HOST, server.port))) as asking:
        asking.sendall(b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        health = get(server.port, "/health")[0]
        health_took = time.monotonic() - began
        answer = asking.recv(65_536).decode()
    took = time.monotonic() - began
    release.set()
    server.close()

    assert health == 200
    assert health_took < 1.5
    assert " 503 " in answer
    assert 2.9 < took < 4.5


def test_port_that_is_taken_is_a_warning(server: HttpServer) -> None:
    """The process goes on without its HTTP; the line says which variables to change."""
    with structlog.testing.capture_logs() as lines:
        second = serve(HOST, server.port, {})

    assert second is None
    assert [(line["log_level"], line["port"], line["reason"]) for line in lines] == [
        ("warning", server.port, "Address already in use")
    ]
    assert "HTTP_PORT" in lines[0]["event"]


def test_address_of_another_machine_is_a_warning() -> None:
    """HTTP_HOST must be an address of this machine."""
    with structlog.testing.capture_logs() as lines:
        assert serve("192.0.2.1", 0, {}) is None

    assert lines[0]["host"] == "192.0.2.1"


def test_it_listens_only_where_it_was_told() -> None:
    """The default is the loopback address; a container sets another one."""
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.2", 0))
        port = other.getsockname()[1]
        server = serve(HOST, port, {})
        assert server
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=2)
        server.close()


def test_closed_server_frees_its_port(server: HttpServer) -> None:
    """A restart in the same process finds the port free."""
    first = serve(HOST, 0, {})
    assert first
    first.close()

    second = serve(HOST, first.port, {})

    assert second
    assert second.port == first.port
    second.close()
