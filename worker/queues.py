"""How many messages wait in the broker, and how long the oldest does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from kombu import Connection
from kombu.exceptions import OperationalError

from tasks.measured import SENT_AT
from tasks.queues import Queue


@dataclass(frozen=True, slots=True)
class Backlog:
    """`oldest` is its age in seconds: 0 without a message, None where the broker does not tell."""

    length: int
    oldest: float | None


def backlogs(connection: Connection, now: datetime) -> dict[Queue, Backlog]:
    """Of each queue; raises OperationalError where the broker goes away."""
    try:
        return {queue: _backlog(connection, queue, now) for queue in Queue}
    except connection.connection_errors as error:
        raise OperationalError(str(error)) from error


def _backlog(connection: Connection, queue: Queue, now: datetime) -> Backlog:
    channel: Any = connection.channel()  # one for each queue: RabbitMQ closes it where a queue is missing
    try:
        length = int(channel.queue_declare(queue=queue.value, passive=True).message_count)
        return Backlog(length, _oldest(channel, queue, now) if length else 0.0)
    except connection.channel_errors:  # nobody has sent anything yet; Redis forgets a queue that is empty
        return Backlog(0, 0.0)
    finally:
        channel.close()


def _oldest(channel: Any, queue: Queue, now: datetime) -> float | None:
    """Redis shows the next message without handing it out; RabbitMQ does not."""
    client = getattr(channel, "client", None)
    if client is None:
        return None
    return age_of(client.lindex(queue.value, -1), now)


def age_of(message: bytes | None, now: datetime) -> float | None:
    """How long ago a message as Kombu stores it was sent; 0 for none, None where it does not say."""
    if message is None:
        return 0.0
    try:
        sent = float(orjson.loads(message)["headers"][SENT_AT])
        return max(now.timestamp() - sent, 0.0)
    except (ValueError, TypeError, KeyError):  # whoever reaches the broker can put anything there
        return None
