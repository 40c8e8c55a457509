"""Each kind of fault, done: a context that begins it and ends it when left."""

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sandbox.servers.child import Child
from sandbox.servers.ports import free_port
from tests.faults.messages import doubled, late
from tests.faults.plan import Fault, Kind, Part
from tests.faults.system import System

VICTIM = 4299  # the chat that blocks the bot
ALWAYS = 10**6
OFFERS = "/marketplace-api/v2/offers"
AT_EXCHANGE: Mapping[Kind, dict[str, Any]] = {
    Kind.ERRORS: {"kind": "html503"},
    Kind.GARBAGE: {"kind": "truncate", "rate": 0.7},
    Kind.EMPTY: {"kind": "empty", "rate": 0.7},
    Kind.SCHEMA: {"kind": "reshape"},
    Kind.RETYPED: {"kind": "retype"},
    Kind.BLIND: {"kind": "error500", "path_contains": OFFERS},
    Kind.STORM: {"kind": "429_bare"},
}
AT_TELEGRAM: Mapping[Kind, dict[str, Any]] = {
    Kind.ERRORS: {"kind": "500", "times": ALWAYS},
    Kind.FORBIDS: {"kind": "403", "chat_id": VICTIM},
}
Action = AbstractContextManager[None]


def action(whole: System, fault: Fault) -> Action:
    """The fault as a context; LookupError for one that nobody knows how to do."""
    known = BY_KIND.get(fault.kind)
    if fault.part is Part.EXCHANGE and fault.kind in AT_EXCHANGE:
        return _exchange(whole, AT_EXCHANGE[fault.kind])
    if fault.part is Part.TELEGRAM and (fault.kind in AT_TELEGRAM or fault.kind in {Kind.STORM, Kind.SWALLOW}):
        return _telegram(whole, fault)
    if known is None:
        raise LookupError(f"there is no way to do {fault}")
    return known(whole, fault)


def _kill(whole: System, fault: Fault) -> Action:
    return whole.members[fault.part].down(Child.kill)


def _stop(whole: System, fault: Fault) -> Action:
    return whole.members[fault.part].down(Child.stop)


def _freeze(whole: System, fault: Fault) -> Action:
    return whole.members[fault.part].frozen()


@contextmanager
def _clock(whole: System, fault: Fault) -> Iterator[None]:
    clock = whole.clocks.get(fault.part)
    if clock is None:  # said once when the system came up
        yield
        return
    clock.step(fault.size)
    try:
        yield
    finally:
        clock.step(0)


@contextmanager
def _cut(whole: System, _fault: Fault) -> Iterator[None]:
    whole.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    yield


@contextmanager
def _crash(whole: System, _fault: Fault) -> Iterator[None]:
    found = whole.rows("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'skinbeat%%' LIMIT 1")
    for row in found:
        os.kill(row["pid"], signal.SIGKILL)
    yield


@contextmanager
def _full(whole: System, fault: Fault) -> Iterator[None]:
    """No file of the broker may grow beyond its largest one: the append-only file is full."""
    pid = whole.members[fault.part].child.pid
    largest = max(file.stat().st_size for file in (whole.data / "broker").rglob("*") if file.is_file())
    limit = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, limit[1]))
    try:
        yield
    finally:
        if whole.members[fault.part].child.pid == pid:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@contextmanager
def _exchange(whole: System, wanted: dict[str, Any]) -> Iterator[None]:
    whole.exchange("faults", wanted)
    try:
        yield
    finally:
        whole.exchange("faults", {"kind": "off"})


def _slow(whole: System, fault: Fault) -> Action:
    return _exchange(whole, {"kind": "delay", "delay_ms": fault.size})


@contextmanager
def _telegram(whole: System, fault: Fault) -> Iterator[None]:
    more: Mapping[Kind, dict[str, Any]] = {
        Kind.STORM: {"kind": "429", "times": ALWAYS, "retry_after": fault.size},
        Kind.SWALLOW: {"kind": "swallow", "times": fault.size},
    }
    whole.telegram("faults", {**AT_TELEGRAM, **more}[fault.kind])
    try:
        yield
    finally:
        whole.telegram("faults", {"kind": "off"})
        if fault.kind is Kind.FORBIDS:
            whole.telegram(f"chats/{VICTIM}/say", {"text": "/start"})


@contextmanager
def _twin(whole: System, fault: Fault) -> Iterator[None]:
    twin = whole.spawn(fault.part, f"{fault.part} twin", free_port())
    try:
        yield
    finally:
        twin.stop()


@contextmanager
def _messages(whole: System, fault: Fault) -> Iterator[None]:
    send = doubled if fault.kind is Kind.DOUBLED else late
    ends = time.monotonic() + fault.seconds
    while time.monotonic() < ends:
        send(whole, fault.size)
        time.sleep(1)  # the rhythm of the nuisance itself
    yield


BY_KIND: Mapping[Kind, Callable[[System, Fault], Action]] = {
    Kind.KILL: _kill,
    Kind.REFUSED: _kill,
    Kind.STOP: _stop,
    Kind.FREEZE: _freeze,
    Kind.SILENT: _freeze,
    Kind.CLOCK: _clock,
    Kind.CUT: _cut,
    Kind.CRASH: _crash,
    Kind.FULL: _full,
    Kind.SLOW: _slow,
    Kind.TWIN: _twin,
    Kind.DOUBLED: _messages,
    Kind.LATE: _messages,
}
