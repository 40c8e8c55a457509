"""Spans to a collector by OTLP over HTTP: imported only where one is named."""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from telemetry.logs import logger
from telemetry.traces import PARENT, Kind, Note, Value

log = logger(__name__)

FINISH_SECONDS = 2.0
PREFIX = "skinbeat."
LONGEST = 200  # characters of one value
LONGEST_PARENT = 55  # characters: version, trace, span and flags (w3.org/TR/trace-context)
MOST = 24  # attributes of one span


class Telling(SpanExporter):
    """Says once that the collector is away and once that it is back; the SDK says it for each batch."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        away = result is not SpanExportResult.SUCCESS
        if away and not self._away:
            log.warning("traces are lost, the collector does not take them", spans=len(spans))
        elif self._away and not away:
            log.info("the collector takes traces again")
        self._away = away
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


class Otlp:
    """The tracing of one process: a queue of bounded length and a thread that empties it to `url`.

    `clean` removes secrets from a text. Sampling, sizes of queue and batches, headers and resource are the SDK's to
    read from OTEL_*.
    """

    def __init__(self, url: str, process: str, clean: Callable[[str], str]) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # Telling says it
        # No limit of the SDK's: it would cut before a secret is seen as a whole.
        limits = SpanLimits(max_span_attributes=MOST, max_span_attribute_length=SpanLimits.UNSET)
        own = {"service.name": "skinbeat", "service.instance.id": f"{socket.gethostname()}:{os.getpid()}"}
        resource = Resource({**own, f"{PREFIX}process": process}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, span_limits=limits, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Telling(OTLPSpanExporter(endpoint=url))))
        self._tracer = self._provider.get_tracer("skinbeat")
        self._headers = TraceContextTextMapPropagator()
        self._clean = clean

    @contextmanager
    def span(self, name: str, kind: Kind, parent: object, attributes: Mapping[str, Value]) -> Iterator[Note]:
        """Within the current span where `parent` is None, else within what that header names, or on its own."""
        with self._tracer.start_as_current_span(
            name,
            context=None if parent is None else self._context(parent),
            kind=SpanKind[kind],
            attributes=self._bounded(attributes),
            record_exception=False,  # a message may quote what it failed on
            set_status_on_exception=False,
        ) as span:

            def note(**more: Value) -> None:
                span.set_attributes(self._bounded(more))

            try:
                yield note
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def carried(self, name: str) -> dict[str, str]:
        """The current span's header, or that of one that ends at once where there is none."""
        headers: dict[str, str] = {}
        if get_current_span().get_span_context().is_valid:
            self._headers.inject(headers)
            return headers
        with self.span(f"send {name}", Kind.PRODUCER, None, {}):
            self._headers.inject(headers)
        return headers

    def finish(self) -> None:
        """The SDK waits half a minute for a collector that does not answer, so it waits in a thread of its own."""
        ending = Thread(target=self._provider.shutdown, name="last spans", daemon=True)
        ending.start()
        ending.join(FINISH_SECONDS)

    def _context(self, parent: object) -> Context:
        fits = isinstance(parent, str) and len(parent) <= LONGEST_PARENT
        return self._headers.extract({PARENT: parent} if fits else {}, Context())

    def _bounded(self, attributes: Mapping[str, Value]) -> dict[str, str | int]:
        return {
            PREFIX + name: self._clean(value)[:LONGEST] if isinstance(value, str) else value
            for name, value in attributes.items()
            if value is not None
        }
