from collections.abc import Iterator

import pytest

from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from tests.integration.sandbox_exchange.client import Client

SMALL = {"csgo": 600, "dota2": 250, "tf2": 250, "rust": 250}


@pytest.fixture(scope="session")
def shared() -> Iterator[Client]:
    """One listening exchange for tests that only read."""
    with serve(Options(titles=SMALL, latency_ms=0, tick_seconds=0)) as exchange:
        yield Client(exchange)


@pytest.fixture
def fresh() -> Iterator[Client]:
    """A listening exchange of a test's own, to change or to exhaust."""
    with serve(Options(titles={"csgo": 300, "rust": 200}, latency_ms=0, tick_seconds=0)) as exchange:
        yield Client(exchange)
