"""Dramatiq with the same message: JSON, an age limit, acknowledged after the task, 16 threads in one process."""

import os
from pathlib import Path

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker

from benchmarks.broker_marks import Marker

EXPIRES = 600_000  # milliseconds
QUEUE = "prices-dramatiq"  # not Celery's on the same server: the two declare their queues differently

url = os.environ["BENCH_BROKER_URL"]
dramatiq.set_broker(RabbitmqBroker(url=url) if url.startswith("amqp") else RedisBroker(url=url))
mark = Marker(Path(os.environ["BENCH_MARKS"]))


def fetch_prices(run_id: int) -> None:  # noqa: ARG001  # it is what the message carries
    """Starting is all it does."""
    mark()


actor = dramatiq.actor(fetch_prices, queue_name=QUEUE, max_age=EXPIRES)


def send(times: int) -> None:
    for _ in range(times):
        actor.send(run_id=7)
