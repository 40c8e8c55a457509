"""The health check of the containers against real answers."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.runner.environment import Ports

PROBE = Path(__file__).parents[3] / "deploy" / "probe.py"


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 503)
        self.end_headers()
        self.wfile.write(b'{"database": "gone"}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Tests need no access log."""


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def probe(path: str, **environ: str) -> tuple[int, str]:
    told = subprocess.run([sys.executable, str(PROBE), path], env=environ, capture_output=True, text=True, check=False)
    return told.returncode, told.stdout


def test_answer_decides(port: int) -> None:
    """200 is healthy, everything else is not; what was said stands in `docker inspect`."""
    assert probe("/health", HTTP_PORT=str(port)) == (0, '200 {"database": "gone"}\n')
    assert probe("/ready", HTTP_PORT=str(port)) == (1, '503 {"database": "gone"}\n')


def test_port_of_another_program_comes_first(port: int) -> None:
    """Flower's page is elsewhere than the HTTP_PORT that the image sets for all."""
    assert probe("/health", HTTP_PORT="1", PROBE_PORT=str(port))[0] == 0


def test_nobody_there_is_unhealthy() -> None:
    """With the system's reason."""
    code, said = probe("/health", HTTP_PORT=str(Ports.free().of["worker"]))

    assert code == 1
    assert "refused" in said
