"""The other Celery processes."""

from pathlib import Path

import redis
import requests
from kombu import Connection

from sandbox.runner.environment import Ports
from sandbox.servers.processes import poll_until
from tasks.queues import Queue
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery


def test_beat_rings_for_everything_at_once_as_json(start: Start, redis_url: str) -> None:
    """Needs the broker alone; every queue but the ones that only tasks ring for has its messages."""
    beat = start(celery("beat"), SCAN_INTERVAL_RUST="0", DATABASE_URL="", DMARKET_PUBLIC_KEY="", DMARKET_SECRET_KEY="")
    with redis.Redis.from_url(redis_url) as client:
        lengths = {"scan": 4, "maintenance": 8}  # 3 games and the reaper; catalogue and fees of 3, sales, history
        came = poll_until(lambda: all(client.llen(queue) >= many for queue, many in lengths.items()), PATIENCE)
        found = {queue.value: client.llen(queue.value) for queue in Queue}
    ready = beat.get("/ready")
    with Connection(redis_url) as connection, connection.SimpleQueue("scan") as queue:
        first = queue.get(timeout=30)

    assert came, beat.said
    assert found["prices"] == found["verify"] == 0
    assert ready == (200, '{"broker": "ok", "schedule": "ok", "turn": "ok"}')
    assert first.content_type == "application/json"
    assert beat.end() == 0


def test_port_that_is_taken_is_a_warning(start: Start) -> None:
    """Beat and worker on one machine with the default port both work; the second has no HTTP."""
    first = start(celery("beat"))
    first.wait_until("/health", 200)

    second = start(celery("beat"), HTTP_PORT=str(first.port))
    second.wait_for("no /health, /ready and /metrics: give this process")

    assert '"reason": "Address already in use"' in second.said
    assert second.end() == 0


def test_flower_shows_workers_and_tasks(start: Start, tmp_path: Path) -> None:
    """Its pages answer whoever has the password on the loopback address; it needs nothing but the broker."""
    port = Ports.free().of["worker"]
    (tmp_path / "auth").write_text("operator:correct horse\n")
    variables = {"HTTP_PORT": str(port), "FLOWER_BASIC_AUTH_FILE": str(tmp_path / "auth")}
    flower: Running = start(celery("flower", f"--port={port}", "--address=127.0.0.1"), **variables)

    flower.wait_until("/healthcheck", 200)
    pages = ("/", "/workers", "/tasks", "/broker", "/api/workers")
    strangers = {flower.get(page)[0] for page in pages}
    allowed = {_as_operator(port, page) for page in pages}

    assert strangers == {401}
    assert allowed == {200}
    assert "tasks.scan_game" in flower.said
    assert "correct horse" not in flower.said
    assert "Traceback" not in flower.said


def test_flower_in_production_wants_a_password(start: Start) -> None:
    """Exit code 2 and one sentence, as with every other setting that is missing."""
    flower = start(celery("flower"))

    code = flower.process.wait(PATIENCE)

    assert code == 2
    assert flower.said.startswith("FLOWER_BASIC_AUTH is not set: ")


def _as_operator(port: int, page: str) -> int:
    url = f"http://127.0.0.1:{port}{page}"
    return requests.get(url, auth=("operator", "correct horse"), timeout=30).status_code
