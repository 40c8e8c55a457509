"""Spans of what happens to one price, for an OpenTelemetry collector; nothing is imported where none is named."""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from threading import Lock
from typing import Protocol
from urllib.parse import unquote, urlsplit

from config.settings import Settings, SettingsError
from telemetry.logs import SHORTEST, Redaction, learn, secrets_of

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
OWN_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"  # a whole address, in place of ENDPOINT's with PATH
HEADERS = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
PATH = "/v1/traces"  # opentelemetry.io/docs/specs/otlp, OTLP/HTTP Request
SPOKEN = "http/protobuf"

PARENT = "traceparent"  # header of messages (w3.org/TR/trace-context)

Value = str | int | None


class Kind(StrEnum):
    """A span's part in a conversation, by OpenTelemetry's names."""

    INTERNAL = "INTERNAL"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


class Note(Protocol):
    """Adds attributes to a span that has begun; those that are None are left out."""

    def __call__(self, **attributes: Value) -> None: ...


class Tracing(Protocol):
    """What makes and exports spans; telemetry/otlp.py is the one there is."""

    def span(
        self, name: str, kind: Kind, parent: object, attributes: Mapping[str, Value]
    ) -> AbstractContextManager[Note]: ...

    def carried(self, name: str) -> dict[str, str]: ...

    def finish(self) -> None: ...


class Plan(Protocol):
    """Makes the tracing of this process; it starts a thread, so a forked child makes its own."""

    def __call__(self) -> Tracing: ...


class _Source:
    """Holds the plan until the first span, and one tracing for each process id."""

    def __init__(self) -> None:
        self._plan: Plan | None = None
        self._made: dict[int, Tracing] = {}
        self._lock = Lock()

    def begin(self, plan: Plan | None) -> None:
        self._plan, self._made = plan, {}

    def __call__(self) -> Tracing | None:
        if self._plan is None:
            return None
        return self._made.get(os.getpid()) or self._make(self._plan)

    def _make(self, plan: Plan) -> Tracing:
        with self._lock:
            if os.getpid() not in self._made:
                self._made = {os.getpid(): plan()}
            return self._made[os.getpid()]

    def made(self) -> Tracing | None:
        """What this process has made already."""
        return self._made.get(os.getpid())


_tracing = _Source()


def _say_nothing(**_attributes: Value) -> None:
    """The note of a span that nobody wants."""


_OFF: AbstractContextManager[Note] = nullcontext(_say_nothing)


def begin(settings: Settings, environ: Mapping[str, str], process: str) -> None:
    """Make spans from now on where a collector is named; the first one starts what exports them.

    The SDK reads its other variables itself. SettingsError where it cannot be done.
    """
    _tracing.begin(None)
    if not _wanted(settings, environ):
        return
    spoken = next((environ[name] for name in PROTOCOLS if environ.get(name)), SPOKEN)
    if spoken != SPOKEN:
        raise SettingsError([f"{PROTOCOLS[-1]} must be {SPOKEN}, the only one that Skinbeat speaks"])
    try:
        from telemetry.otlp import Otlp  # noqa: PLC0415  # who wants no traces does not pay for loading it
    except ImportError as error:
        sentence = f"{ENDPOINT} is set, but {error.name} is not installed: install skinbeat[traces], or do not set it"
        raise SettingsError([sentence]) from None
    learn(*_passwords(environ))
    clean = Redaction(secrets_of(settings)).clean
    url = environ.get(OWN_ENDPOINT) or settings.otel_exporter_otlp_endpoint + PATH
    _tracing.begin(lambda: Otlp(url, process, clean))


def _wanted(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether a collector is named and the SDK's own switches let it have something."""
    off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    nowhere = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none"
    return bool(settings.otel_exporter_otlp_endpoint) and not off and not nowhere


def _passwords(environ: Mapping[str, str]) -> set[str]:
    """What a collector asks for and nobody else should read, besides the password in a setting."""
    found = {urlsplit(environ.get(OWN_ENDPOINT, "")).password or ""}
    for name in HEADERS:
        for header in environ.get(name, "").split(","):
            value = header.partition("=")[2].strip()
            found |= {value, unquote(value), *unquote(value).split()[-1:]}
    return {one for one in found if len(one) >= SHORTEST}


def span(name: str, kind: Kind = Kind.INTERNAL, /, **attributes: Value) -> AbstractContextManager[Note]:
    """A span until the end of the block, within the current one; attributes that are None are left out.

    Names are written in the code, attributes are ids, counts and words of ours.
    """
    tracing = _tracing()
    return _OFF if tracing is None else tracing.span(name, kind, None, attributes)


def received(name: str, parent: object, **attributes: Value) -> AbstractContextManager[Note]:
    """The span of a message's work; `parent` is its header PARENT, as whoever wrote it wrote it, or None."""
    tracing = _tracing()
    return _OFF if tracing is None else tracing.span(name, Kind.CONSUMER, parent or "", attributes)


def carried(name: str) -> dict[str, str]:
    """The headers that let the work of a message called `name` go on in this trace; without one, in a new one."""
    tracing = _tracing()
    return {} if tracing is None else tracing.carried(name)


def finish() -> None:
    """Export what is left, for at most two seconds; what is told afterwards is lost."""
    tracing = _tracing.made()
    if tracing is not None:
        tracing.finish()
