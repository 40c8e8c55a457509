"""The small HTTP server each process carries: /health, /ready and /metrics."""

import json
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import MappingProxyType

from prometheus_client import CONTENT_TYPE_LATEST

from telemetry.logs import logger
from telemetry.multiprocess import files

log = logger(__name__)

Check = Callable[[], str | None]
OK = "ok"
NOTHING: Mapping[str, Check] = MappingProxyType({})
CHECK_SECONDS = 3.0
CLOSE_SECONDS = 0.1  # between two looks whether it is to close


class HttpServer:
    """A running server; `port` is the one it listens on."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.port = server.server_address[1]
        self._thread = Thread(target=server.serve_forever, args=(CLOSE_SECONDS,), name="http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def serve(host: str, port: int, checks: Mapping[str, Check], also: Mapping[str, Check] = NOTHING) -> HttpServer | None:
    """Answer on host:port until closed; 0 takes a free port.

    /health does no I/O. /ready runs every check (None when fine, else one sentence), each bounded by 3 s,
    and answers 503 when one of `checks` fails; those of `also` are told and change nothing. Another process on
    the port is no reason to stop working: it is logged and None comes back.
    """
    try:
        server = ThreadingHTTPServer((host, port), _handler(checks, also))
    except OSError as error:
        reason = error.strerror or str(error)
        log.warning(
            "no /health, /ready and /metrics: give this process an HTTP_HOST of this machine and a free HTTP_PORT",
            host=host,
            port=port,
            reason=reason,
        )
        return None
    server.daemon_threads = True
    return HttpServer(server)


def readiness(checks: Mapping[str, Check], also: Mapping[str, Check] = NOTHING) -> tuple[bool, dict[str, str]]:
    """Run all checks at once: whether all of `checks` are fine, and "ok" or what is wrong for each of all.

    After 3 s at the latest; what hangs is left behind.
    """
    results: dict[str, str] = {}
    asked = {**checks, **also}
    threads = [Thread(target=_note, args=(results, *item), name="ready", daemon=True) for item in asked.items()]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + CHECK_SECONDS
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    answers = {name: results.get(name, f"no answer within {CHECK_SECONDS:g} s") for name in asked}
    return all(answers[name] == OK for name in checks), answers


def _note(results: dict[str, str], name: str, check: Check) -> None:
    try:
        results[name] = check() or OK
    except Exception as error:  # noqa: BLE001  # a process edge: whatever breaks a check is its answer
        results[name] = type(error).__name__


def _handler(checks: Mapping[str, Check], also: Mapping[str, Check]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            path = self.path.split("?", 1)[0]
            if path == "/health":
                self._answer(200, b'{"status": "alive"}', "application/json")
            elif path == "/ready":
                ready, results = readiness(checks, also)
                self._answer(200 if ready else 503, json.dumps(results).encode(), "application/json")
            elif path == "/metrics":
                self._answer(200, files.told(), CONTENT_TYPE_LATEST)
            else:
                self._answer(404, b'{"error": "there are /health, /ready and /metrics"}', "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Scrapes are not events."""

    return Handler
