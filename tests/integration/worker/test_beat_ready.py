"""/ready of a beat: whether it rings, not only whether the broker is there."""

import json
import time
from pathlib import Path

import pytest
import redis

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, celery

AT_ONCE = 0.1  # seconds
# Beat with another idea of being late, so that a test need not last half a minute.
IMPATIENT = """
import sys
sys.argv = ["celery", "-A", "worker", "beat"]
from worker import scheduler
scheduler.LATE_SECONDS = 3.0
from celery.__main__ import main
main()
"""


@pytest.mark.timed
def test_beat_that_rings_is_ready_at_once(start: Start) -> None:
    """Looking at the schedule costs no time: the quickest of some answers shows what the machine lets it be."""
    beat = start(celery("beat"))
    beat.wait_until("/ready", 200)
    took = []
    for _ in range(10):
        began = time.monotonic()
        status, body = beat.get("/ready")
        took.append(time.monotonic() - began)

    assert (status, json.loads(body)) == (200, {"broker": "ok", "schedule": "ok", "turn": "ok"})
    assert min(took) < AT_ONCE


def test_beat_whose_messages_are_refused_is_not_ready(start: Start, family: ProcessFamily, tmp_path: Path) -> None:
    """A broker that takes connections and no messages: the schedule alone tells, and tells when it is over."""
    server = start_broker(tmp_path / "refusing", family)
    beat = start(["-c", IMPATIENT], CELERY_BROKER_URL=server.url, REDIS_URL=server.url)
    beat.wait_until("/ready", 200)

    with redis.Redis.from_url(server.url) as admin:
        admin.replicaof("127.0.0.1", "1")
        beat.wait_until("/ready", 503)
        told = json.loads(beat.get("/ready")[1])
        admin.replicaof("NO", "ONE")
    beat.wait_until("/ready", 200)
    server.stop()

    assert told["broker"] == told["turn"] == "ok"
    assert told["schedule"].startswith("no message was sent since ")
    assert "Traceback" not in beat.said


def test_beat_that_hangs_is_not_ready(start: Start, family: ProcessFamily, tmp_path: Path) -> None:
    """Without a broker its first message waits for ever and nothing is looked at; /ready names what is not rung for."""
    server = start_broker(tmp_path / "away", family)
    server.stop()
    beat = start(["-c", IMPATIENT], CELERY_BROKER_URL=server.url, REDIS_URL=server.url)
    beat.wait_for("Trying again in 2.0")
    beat.wait_until("/ready", 503)

    def named() -> bool:
        return " was not rung for" in json.loads(beat.get("/ready")[1])["schedule"]

    late = poll_until(named, PATIENCE)
    back = start_broker(tmp_path / "away", family)
    beat.wait_until("/ready", 200)
    back.stop()

    assert late, beat.said
