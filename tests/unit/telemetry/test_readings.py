"""Readings are told while they are fresh."""

import time

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from telemetry.readings import FRESH_SECONDS, Reading, Readings

AGE = Reading("test_age_seconds", "How old.", ("game",))
COUNT = Reading("test_count", "How many.")


@pytest.fixture
def known() -> Readings:
    return Readings()


def told(known: Readings) -> list[str]:
    """The lines of /metrics without its comments."""
    registry = CollectorRegistry()
    known.register(registry)
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def test_nothing_is_told_before_the_first_round(known: Readings) -> None:
    """A process that does not read for all has no such metrics."""
    assert told(known) == []


def test_a_round_replaces_the_one_before(known: Readings) -> None:
    """A game that is gone from it is not told any more."""
    known.replace("database", {AGE: [(("csgo",), 5), (("rust",), 7)], COUNT: [((), 1)]})
    known.replace("database", {AGE: [(("rust",), 8)]})

    assert told(known) == ['test_age_seconds{game="rust"} 8.0']


def test_a_source_that_fails_takes_only_its_own_values_away(known: Readings) -> None:
    """The broker's absence says nothing about the database."""
    known.replace("database", {AGE: [(("rust",), 8)]})
    known.replace("broker", {COUNT: [((), 3)]})
    known.forget("broker")
    known.forget("broker")

    assert told(known) == ['test_age_seconds{game="rust"} 8.0']


def test_an_old_round_is_no_news(known: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that hangs must not show the state of an hour ago."""
    known.replace("database", {COUNT: [((), 1)]})
    before = told(known)
    now = time.monotonic()
    monkeypatch.setattr("telemetry.readings.time.monotonic", lambda: now + FRESH_SECONDS)

    assert before == ["test_count 1.0"]
    assert told(known) == []
