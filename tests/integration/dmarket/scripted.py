"""A tiny HTTP server that answers what a test wrote down and remembers what it was asked."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire; `at` is monotonic seconds, `peer` the client's port."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    peer: int


@dataclass(frozen=True)
class Reply:
    """`body` is sent as it is when it is bytes, else as JSON. `announced` is a Content-Length that may lie,
    `drip` the seconds between two bytes."""

    body: object = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None
    drip: float = 0.0
    chunked: bool = False

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)

    @property
    def wire(self) -> bytes:
        """The body as it is sent: whole, or as two chunks and the empty last one."""
        if not self.chunked:
            return self.raw
        middle = len(self.raw) // 2
        parts = (self.raw[:middle], self.raw[middle:], b"")
        return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


Answering = Callable[[Asked], Reply]


@dataclass
class Script:
    """The server's memory. `replies` are given in turn, the last one for ever; `answer` decides instead if set."""

    url: str
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    answer: Answering | None = None
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def next_reply(self, asked: Asked) -> Reply:
        with self.lock:
            self.asked.append(asked)
            if self.answer:
                return self.answer(asked)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body, time.monotonic(), self.client_address[1])
        reply = self.server.script.next_reply(asked)
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(reply.raw) if reply.announced is None else reply.announced))
        self.end_headers()
        self.send_body(reply)

    def send_body(self, reply: Reply) -> None:
        try:
            for byte in reply.wire if reply.drip else b"":
                self.wfile.write(bytes([byte]))
                time.sleep(reply.drip)  # the slowness under test, nothing waits for it
            self.wfile.write(b"" if reply.drip else reply.wire)
        except OSError:
            self.close_connection = True  # the client gave up, as it should
        if reply.announced is not None:
            self.close_connection = True

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # keep-alive connections outlive the test

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = Script(f"http://127.0.0.1:{self.server_address[1]}")


@contextmanager
def serving() -> Iterator[Script]:
    """A running server on a free port."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.script
        finally:
            server.shutdown()
            thread.join()
