"""Spans: what they hang on, what may stand in them, what a collector that is away costs."""

import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from structlog.testing import capture_logs

from config.settings import SettingsError, load
from telemetry import logs, traces
from telemetry.otlp import Telling
from tests.integration.telemetry.collector import Collector, Told, collector

PARENT_TRACE = "0af7651916cd43dd8448eb211c80319c"  # the example of the specification  # pragma: allowlist secret
PARENT = f"00-{PARENT_TRACE}-b7ad6b7169203331-01"
PASSWORD = "canary-password"  # pragma: allowlist secret
LOST, TAKEN = SpanExportResult.FAILURE, SpanExportResult.SUCCESS


def begin(**environ: str) -> None:
    settings = load({"DATABASE_URL": f"postgresql://u:{PASSWORD}@h/d", **environ}, "doctor")
    traces.begin(settings, environ, "worker")


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    traces.finish()
    begin()


@contextmanager
def listening(**environ: str) -> Iterator[Collector]:
    """A collector that has got everything at the end of the block."""
    with collector() as kept:
        begin(OTEL_EXPORTER_OTLP_ENDPOINT=kept.url, **environ)
        yield kept
        traces.finish()


def named(kept: Collector, name: str) -> Told:
    return next(one for one in kept.spans if one.name == name)


def test_without_a_collector_a_span_is_nothing() -> None:
    """No header goes with a message, and the same block serves every span."""
    begin()

    with traces.span("a", item=1) as note, traces.received("b", PARENT) as other:
        note(status=200)

    assert note is other
    assert traces.carried("tasks.scan_game") == {}


@pytest.mark.parametrize(("name", "value"), [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")])
def test_the_switches_of_the_sdk_switch_it_off(name: str, value: str) -> None:
    """An address alone does not export where the standard's variables say no."""
    with listening(**{name: value}) as kept, traces.span("a"):
        pass

    assert kept.spans == []


def test_a_protocol_that_is_not_spoken_is_one_sentence() -> None:
    """gRPC is asked for: what would be right is said, and nothing begins."""
    with pytest.raises(SettingsError) as caught:
        begin(OTEL_EXPORTER_OTLP_ENDPOINT="http://h:4317", OTEL_EXPORTER_OTLP_PROTOCOL="grpc")

    assert caught.value.problems == [
        "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, the only one that Skinbeat speaks"
    ]
    assert traces.carried("a") == {}


def test_an_address_that_is_none_is_one_sentence() -> None:
    """Like every other setting."""
    with pytest.raises(SettingsError) as caught:
        begin(OTEL_EXPORTER_OTLP_ENDPOINT="collector:4318")

    assert caught.value.problems[0].startswith("OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL that starts with http://")


def test_a_message_carries_the_span_that_sent_it() -> None:
    """Its work is part of the same trace; without a span a message begins a trace with one of its own."""
    with listening() as kept:
        first = traces.carried("tasks.scan_game")
        with traces.received("tasks.scan_game", first["traceparent"], task_id="t"):
            second = traces.carried("tasks.fetch_prices")
        with traces.received("tasks.fetch_prices", second["traceparent"]), traces.span("batch", batch=7):
            pass

    sent, scan, batch = named(kept, "send tasks.scan_game"), named(kept, "tasks.scan_game"), named(kept, "batch")
    assert {one.trace for one in kept.spans} == {sent.trace}
    assert (sent.parent, scan.parent) == ("", sent.id)
    assert named(kept, "tasks.fetch_prices").parent == scan.id
    assert batch.attributes == {"batch": "7"}


@pytest.mark.parametrize("header", [None, "", 7, ["x"], "00-zz-zz-01", PARENT + "x" * 1000])
def test_a_header_that_is_none_begins_a_trace(header: object) -> None:
    """Whoever reaches the broker writes headers; work that happens to run around it is not its parent either."""
    with listening() as kept, traces.span("around"), traces.received("task", header):
        pass

    assert named(kept, "task").parent == ""
    assert named(kept, "task").trace not in {PARENT_TRACE, named(kept, "around").trace}


def test_attributes_hold_no_secret_and_are_short() -> None:
    """Known secrets, shapes of secrets and the collector's own header; cut only after they were looked for."""
    text = f"{PASSWORD} bot123456:ABC-def_1 canary-header " + "x" * 160 + " canary-header " + "y" * 1000
    header = "authorization=Bearer%20canary-header"
    with listening(OTEL_EXPORTER_OTLP_HEADERS=header) as kept, traces.span("a", said=text, absent=None) as note:
        note(more=f"at {PASSWORD}")

    (span,) = kept.spans
    assert span.attributes["more"] == f"at {logs.HIDDEN}"
    assert span.attributes["said"].startswith(f"{logs.HIDDEN} bot{logs.HIDDEN} {logs.HIDDEN} x")
    assert len(span.attributes["said"]) == 200
    assert "absent" not in span.attributes
    assert b"canary" not in kept.raw[0]


def test_an_error_is_named_but_not_quoted() -> None:
    """Its kind is the span's status; its words may quote what it failed on."""
    with listening() as kept, pytest.raises(ValueError, match="canary"), traces.span("a"):
        raise ValueError("canary")

    assert kept.spans[0].failed == "ValueError"
    assert b"canary" not in kept.raw[0]


@pytest.mark.timed
def test_a_collector_that_never_answers_costs_neither_spans_nor_the_end() -> None:
    """Spans are made as fast as ever, also more than wait in the queue, and the end takes two seconds."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        begin(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{deaf.getsockname()[1]}")
        began = time.monotonic()
        for number in range(5000):
            with traces.span("a", number=number):
                pass
        made = time.monotonic() - began
        began = time.monotonic()
        traces.finish()
        ended = time.monotonic() - began

    assert made < 5
    assert ended < 3


class Answers(SpanExporter):
    """A collector that takes batches or not, as it is told to."""

    def __init__(self, *answers: SpanExportResult) -> None:
        self._answers = iter(answers)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002  # the SDK gives it by name
        return next(self._answers)


def test_that_the_collector_is_away_is_said_once() -> None:
    """One line when it goes and one when it is back, not one for each batch."""
    telling = Telling(Answers(LOST, LOST, TAKEN, TAKEN, LOST))

    with capture_logs() as said:
        for _ in range(5):
            telling.export([])

    assert [one["event"] for one in said] == [
        "traces are lost, the collector does not take them",
        "the collector takes traces again",
        "traces are lost, the collector does not take them",
    ]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_exports_its_own_spans() -> None:
    """The thread that exports does not survive a fork, so each process makes its own, with its own number."""
    with listening() as kept:
        with traces.span("parent"):
            pass
        child = os.fork()
        if child == 0:
            try:
                with traces.span("child"):
                    pass
                traces.finish()
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)

    assert status == 0
    assert {one.name for one in kept.spans} == {"parent", "child"}


def test_threads_share_one_exporter() -> None:
    """The first spans of several threads do not make several queues."""

    def work(number: int) -> None:
        with traces.span(f"thread {number}"):
            pass

    with listening() as kept:
        threads = [Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(kept.spans) == 8
