"""The exchange as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from time import monotonic
from urllib.parse import urlsplit

import orjson
import pytest

from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from tests.integration.sandbox_exchange.client import Client

ROOT = Path(__file__).parents[3]
KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """A process and what it announced."""
    command = [sys.executable, "-m", "sandbox.exchange", "--titles", "rust=200", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield process, orjson.loads(process.stdout.readline())
        finally:
            process.kill()


def health(url: str) -> int:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", "/_sandbox/health")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_announces_itself_and_stops_cleanly(number: signal.Signals) -> None:
    """One line once it listens; exit 0 and no complaint when told to stop."""
    with started() as (process, line):
        status = health(line["url"])
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)

    assert status == 200
    assert (process.returncode, errors) == (0, b"")
    assert line["secret_key"].endswith(line["public_key"])
    assert len(line["secret_key"]) == 128


def test_a_given_account_replaces_the_built_in_one() -> None:
    """Its secret is nobody's business."""
    with started("--account", KEY) as (_, line):
        assert (line["public_key"], line["secret_key"]) == (KEY, "")


def test_a_taken_port_is_one_sentence() -> None:
    """And a failed exit."""
    with socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        command = [sys.executable, "-m", "sandbox.exchange", "--titles", "rust=200", "--port", port]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith(b"the sandbox exchange cannot start: ")
    assert b"Traceback" not in ended.stderr


def test_the_market_moves_by_itself() -> None:
    """Each second of a ticking exchange changes some prices."""
    with serve(Options(titles={"rust": 400}, latency_ms=0, tick_seconds=1)) as exchange:
        game = exchange.market.games["rust"]
        before = [listing.ask for listing in game.listings.values()]
        deadline = monotonic() + 30
        while before == [listing.ask for listing in game.listings.values()] and monotonic() < deadline:
            health(exchange.url)

        assert before != [listing.ask for listing in game.listings.values()]


def test_latency_is_added_to_every_answer() -> None:
    """In milliseconds, on top of the work."""
    with serve(Options(titles={"rust": 200}, latency_ms=150, tick_seconds=0)) as exchange:
        start = monotonic()
        Client(exchange).get("/account/v1/user")
        took = monotonic() - start

    assert took >= 0.15
