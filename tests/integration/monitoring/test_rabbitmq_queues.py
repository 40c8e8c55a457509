"""The lengths of queues at a real RabbitMQ, which tells them another way than Redis does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import kombu
import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from benchmarks import broker_rabbitmq
from sandbox.servers.children import ProcessFamily
from tasks.queues import Queue
from worker.queues import Backlog, backlogs

pytestmark = pytest.mark.skipif(not broker_rabbitmq.installed(), reason="RabbitMQ is not installed on this machine")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
EMPTY = Backlog(0, 0.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rabbitmq")


@pytest.fixture(scope="module")
def family(folder: Path) -> Iterator[ProcessFamily]:
    with ProcessFamily(folder / "run") as family:
        yield family


@pytest.fixture(scope="module")
def url(folder: Path, family: ProcessFamily) -> str:
    return broker_rabbitmq.start(folder / "server", family)


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    with Connection(url) as connection:
        yield connection


def test_messages_are_counted_and_a_queue_that_nobody_made_is_empty(connection: Connection) -> None:
    """How old the oldest message is stays unknown: to look at one is to take it."""
    queue = kombu.Queue(Queue.PRICES.value)
    with connection.Producer() as producer:
        for number in range(3):
            producer.publish({"number": number}, routing_key=queue.name, declare=[queue], retry=False)

    found = backlogs(connection, NOW)

    assert found == dict.fromkeys(Queue, EMPTY) | {Queue.PRICES: Backlog(3, None)}


def test_a_broker_that_went_away_is_no_empty_queue(connection: Connection, family: ProcessFamily) -> None:
    """It is an error, so that the last known lengths are not told on. Nobody needs the server after this."""
    connection.connect()
    next(child for child in family.children if child.name == "rabbitmq").kill()

    with pytest.raises(OperationalError):
        backlogs(connection, NOW)
