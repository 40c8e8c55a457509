"""Adding up what the processes count."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from sandbox.runner.meters import Reading, read

WORKER = """\
# TYPE skinbeat_scans_total counter
skinbeat_scans_total{game="csgo",outcome="planned"} 2.0
skinbeat_scans_total{game="csgo",outcome="running"} 7.0
# TYPE skinbeat_prices_observed_total counter
skinbeat_prices_observed_total{game="csgo"} 1000.0
skinbeat_prices_observed_total{game="rust"} 200.0
# TYPE dmarket_api_requests_total counter
dmarket_api_requests_total{endpoint="a",method="POST",status_code="200"} 12.0
dmarket_api_requests_total{endpoint="a",method="POST",status_code="429"} 3.0
# TYPE skinbeat_budget_permits_total counter
skinbeat_budget_permits_total{group="other"} 11.0
skinbeat_budget_permits_total{group="last-sales"} 4.0
# TYPE arbitrage_opportunities_found_total counter
arbitrage_opportunities_found_total{game="csgo",level="boost"} 4.0
"""
BOT = """\
# TYPE skinbeat_alerts_total counter
skinbeat_alerts_total{state="sent",reason=""} 5.0
skinbeat_alerts_total{state="expired",reason="late"} 6.0
"""


def handler(body: str, announced: int) -> type[BaseHTTPRequestHandler]:
    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Quiet."""

    return Metrics


@pytest.fixture
def ports() -> Iterator[list[int]]:
    """A worker, a bot, and one that ends in the middle of its answer."""
    with ExitStack() as stack:
        found = []
        for body, announced in ((WORKER, len(WORKER)), (BOT, len(BOT)), (BOT, 10_000)):
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler(body, announced)))
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            stack.callback(server.shutdown)
            found.append(server.server_address[1])
        yield found


def test_reading_is_the_sum_over_processes_and_labels(ports: list[int]) -> None:
    """Scans that were planned and alerts that were sent count; permits are told apart by group."""
    reading = read(ports[:2])

    assert reading == Reading(
        scans=2, prices=1200, opportunities=4, alerts=5, permits={"other": 11, "last-sales": 4}, refused=3
    )


def test_process_that_does_not_answer_counts_nothing(ports: list[int]) -> None:
    """One that starts or ends while it is asked is no reason to stop."""
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        gone = silent.getsockname()[1]

    assert read([gone, ports[1], ports[2]]) == Reading(alerts=5)
