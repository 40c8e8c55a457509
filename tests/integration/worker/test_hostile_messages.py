"""A worker whose queues hold what somebody else has put there."""

import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from kombu import Connection

from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery

HEADERS = {"task": "tasks.scan_game", "id": "1", "lang": "py"}
PROPERTIES = {"delivery_tag": "1", "delivery_info": {"exchange": "", "routing_key": "scan"}, "body_encoding": "base64"}
NOT_MESSAGES: tuple[bytes, ...] = (
    b"",
    b"no json",
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{}",
    b"[" * 5_000 + b"]" * 5_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"properties": 1}',
    b'{"properties": {}, "body": "e30="}',
    json.dumps({"properties": PROPERTIES, "body": "!!! no base64", "headers": HEADERS}).encode(),
    json.dumps({"properties": PROPERTIES, "body": 5, "headers": HEADERS}).encode(),
    json.dumps({"properties": PROPERTIES, "body": "e30=", "headers": []}).encode(),
    json.dumps({"properties": PROPERTIES, "body": "A" * 200_000, "headers": HEADERS}).encode(),
    json.dumps({"properties": PROPERTIES, "body": "e30=", "headers": {**HEADERS, "x": "y" * 200_000}}).encode(),
)

OWN_STACKS = ('{"event": "Can\'t decode message body', '{"event": "Cannot process event on channel')


@pytest.fixture
def worker(start: Start) -> Running:
    process = start(celery("worker"))
    process.wait_for("ready.")
    return process


def stacks(worker: Running) -> list[str]:
    """Log lines with a stack in them, shortened; not the two that Celery and Kombu write as they drop something."""
    lines = [line for line in worker.said.splitlines() if "Traceback" in line]
    return [line[:200] + " ... " + line[-600:] for line in lines if not line[:80].startswith(OWN_STACKS)]


def works(worker: Running, url: str) -> None:
    """The next message is worked on, and nothing is left in the queues."""
    before = worker.said.count('"event": "fees read"')
    with Celery(broker=url, set_as_current=False) as app:
        app.send_task("tasks.refresh_fees", kwargs={"game": "csgo"}, queue="maintenance")
    done = poll_until(lambda: worker.said.count('"event": "fees read"') > before, PATIENCE)
    assert done, worker.said[-3000:]
    assert worker.process.poll() is None


def test_what_is_no_message_is_dropped_with_a_line(worker: Running, redis_url: str) -> None:
    """No JSON, another shape, too deep or too large: a line each without a stack, and the worker goes on."""
    with redis.Redis.from_url(redis_url) as client:
        for number, body in enumerate(NOT_MESSAGES):
            client.lpush("scan", body)
            assert poll_until(lambda: client.llen("scan") == 0, PATIENCE), (number, worker.said[-2000:])
        client.publish("/0.celery.pidbox", "no json")
        client.publish("/0.celery.pidbox", json.dumps({"properties": PROPERTIES, "body": "A" * 200_000}))
    works(worker, redis_url)

    assert worker.said.count("is no message of ours, dropped") >= 12
    assert stacks(worker) == []


def test_a_pickle_is_not_opened(worker: Running, redis_url: str, tmp_path: Path) -> None:
    """Whatever content type it claims to have: what it would do does not happen."""
    trap = tmp_path / "opened"
    body = pickle.dumps(_Trap(str(trap)))
    with Connection(redis_url) as connection, connection.Producer() as producer:
        for kind, encoding in (("application/x-python-serialize", "binary"), ("application/json", "utf-8")):
            producer.publish(body, content_type=kind, content_encoding=encoding, headers=HEADERS, routing_key="scan")
    works(worker, redis_url)
    opened = trap.exists()
    pickle.loads(body).close()  # noqa: S301  # made above: it shows that the trap works where pickles are opened

    assert not opened
    assert trap.exists()
    assert "Refusing to deserialize" in worker.said


def test_wrong_arguments_are_refused_with_a_line(worker: Running, redis_url: str) -> None:
    """Of another type, unknown, too many, missing: the task does not run, the worker goes on."""
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("tasks.scan_game", {}),
        ("tasks.scan_game", {"game": "cs2"}),
        ("tasks.scan_game", {"game": ["csgo"]}),
        ("tasks.scan_game", {"game": "csgo", "scheduled": "'; DROP TABLE items; --"}),
        ("tasks.scan_game", {"game": "csgo", "level": 7}),
        ("tasks.fetch_prices", {"run_id": "1"}),
        ("tasks.fetch_prices", {"run_id": 10**30}),
        ("tasks.fetch_prices", {"run_id": None, "more": 1}),
        ("tasks.refresh_catalogue", {"game": {"__type__": "datetime", "__value__": "x"}}),
        ("tasks.verify_item", {"item": 1}),
    )
    with Celery(broker=redis_url, set_as_current=False) as app:
        for name, kwargs in wrong:
            app.send_task(name, kwargs=kwargs, queue="scan")
    refused = poll_until(lambda: worker.said.count('"event": "message refused"') >= len(wrong) - 1, PATIENCE)
    works(worker, redis_url)

    assert refused, worker.said[-3000:]
    assert stacks(worker) == []
    assert re.search(r"there is no game 'cs2', the games are csgo, dota2, tf2, rust", worker.said)


class _Trap:
    """Opens a file for writing when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")
