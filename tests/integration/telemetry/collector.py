"""A collector of traces: takes OTLP over HTTP on a port of its own and keeps the spans as plain values."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True, slots=True)
class Told:
    """One span; ids are hexadecimal digits, `parent` is empty for the first of a trace."""

    name: str
    trace: str
    id: str
    parent: str
    process: str
    attributes: dict[str, str]
    failed: str


@dataclass(slots=True)
class Collector:
    url: str = ""
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    _spans: list[Told] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def spans(self) -> list[Told]:
        with self._lock:
            return list(self._spans)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        with self._lock:
            self.raw.append(body)
            self.paths.add(path)
            self.headers.append(headers)
            for group in request.resource_spans:
                process = {one.key: one.value.string_value for one in group.resource.attributes}["skinbeat.process"]
                self._spans += [_plain(span, process) for scope in group.scope_spans for span in scope.spans]


def _plain(span: Span, process: str) -> Told:
    values = {one.key.removeprefix("skinbeat."): one.value for one in span.attributes}
    return Told(
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        process,
        {key: value.string_value or str(value.int_value) for key, value in values.items()},
        span.status.message,
    )


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector that listens until the end of the block."""
    kept = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            kept.take(
                self.path,
                {name.title(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers["Content-Length"])),
            )
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing: what was asked is in `kept`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield kept
        server.shutdown()
