"""A broker that is there and takes nothing."""

from pathlib import Path

import redis

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import celery


def test_worker_outlives_a_broker_that_refuses_to_be_written_to(
    start: Start, family: ProcessFamily, tmp_path: Path
) -> None:
    """Demoted to a replica, it refuses every fetch: the worker waits, and works on when it is a master again."""
    server = start_broker(tmp_path / "refusing", family)
    worker = start(celery("worker"), CELERY_BROKER_URL=server.url, REDIS_URL=server.url)
    worker.wait_for("ready.")
    with redis.Redis.from_url(server.url) as admin:
        admin.config_set("replica-serve-stale-data", "yes")
        admin.replicaof("127.0.0.1", "1")
        worker.wait_for("Connection to broker lost")
        admin.replicaof("NO", "ONE")
    worker.wait_until("/ready", 200)
    call = start(celery("call", "tasks.refresh_fees", "--kwargs", '{"game": "csgo"}'), CELERY_BROKER_URL=server.url)

    assert call.process.wait(20) == 0, call.said
    worker.wait_for('"event": "fees read"')
    assert "Unrecoverable" not in worker.said
    server.stop()
