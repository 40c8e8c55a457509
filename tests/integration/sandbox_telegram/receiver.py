"""The bot's end of a webhook: a real HTTP server that notes what comes and answers as told."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.telegram.webhook import SECRET_HEADER

PATIENCE = 60.0  # seconds until an update that must come is missing


class Receiver:
    """`answer` gives the status for an update, from a thread for each request."""

    def __init__(self, answer: Callable[[dict[str, Any]], int]) -> None:
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.busiest = 0
        self._answer = answer
        self._busy = 0
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The updates that came, once there are `count`; AssertionError without."""
        with self._changed:
            there = self._changed.wait_for(lambda: len(self.updates) >= count, PATIENCE)
            assert there, f"{len(self.updates)} of {count} updates came: {self.updates}"
            return list(self.updates)

    def wait_for_busy(self, count: int) -> bool:
        """Whether `count` requests were under way at once before the patience ended."""
        with self._changed:
            return self._changed.wait_for(lambda: self.busiest >= count, PATIENCE)

    def _take(self, update: dict[str, Any], secret: str | None) -> int:
        with self._changed:
            self.updates.append(update)
            self.secrets.append(secret)
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
            self._changed.notify_all()
        try:
            return self._answer(update)
        finally:
            with self._changed:
                self._busy -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(take(json.loads(body), self.headers[SECRET_HEADER]))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
                pass

        return Handler
