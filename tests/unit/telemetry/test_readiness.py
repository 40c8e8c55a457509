"""Several checks, one answer."""

import threading
import time

import pytest

from telemetry import http
from telemetry.http import readiness


def broken() -> str:
    raise LookupError("canary")


def test_all_well_is_ready() -> None:
    """A check that has nothing to say is fine."""
    assert readiness({"database": lambda: None, "broker": lambda: None}) == (True, {"database": "ok", "broker": "ok"})


def test_nothing_to_check_is_ready() -> None:
    """A process without dependencies is ready once it answers."""
    assert readiness({}) == (True, {})


def test_one_that_fails_or_breaks_is_enough() -> None:
    """A check's sentence is passed on; what it raises only by its name, as the text may hold anything."""
    ready, results = readiness({"database": lambda: "does not answer", "broker": broken, "polling": lambda: None})

    assert not ready
    assert results == {"database": "does not answer", "broker": "LookupError", "polling": "ok"}


def test_what_is_told_beside_the_checks_changes_nothing() -> None:
    """Its sentence is there, the answer stays that of the checks."""
    ready, results = readiness({"database": lambda: None}, {"data": lambda: "no worker reports"})

    assert ready
    assert results == {"database": "ok", "data": "no worker reports"}


@pytest.mark.timed
def test_checks_that_hang_are_given_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound holds for all of them, not for each in turn, and none of them keeps the process from ending."""
    monkeypatch.setattr(http, "CHECK_SECONDS", 0.2)
    release = threading.Event()
    began = time.monotonic()

    ready, results = readiness(dict.fromkeys("abcd", lambda: str(release.wait(10))))
    took = time.monotonic() - began
    hanging = [thread for thread in threading.enumerate() if thread.name == "ready"]
    release.set()

    assert not ready
    assert set(results.values()) == {"no answer within 0.2 s"}
    assert took < 0.6
    assert len(hanging) == 4
    assert all(thread.daemon for thread in hanging)
