"""Taskiq with the same message: JSON on a Redis stream, acknowledged after the task, 16 threads in one process.

It has no time limit for a message.
"""

import asyncio
import os
from functools import cache
from pathlib import Path

from taskiq_redis import RedisStreamBroker

from benchmarks.broker_marks import Marker

broker = RedisStreamBroker(url=os.environ["BENCH_BROKER_URL"], queue_name="prices-taskiq", consumer_id="0")
mark = Marker(Path(os.environ["BENCH_MARKS"]))


def fetch_prices(run_id: int) -> None:  # noqa: ARG001  # it is what the message carries
    """Starting is all it does."""
    mark()


task = broker.register_task(fetch_prices, task_name="fetch_prices")


@cache
def started() -> asyncio.AbstractEventLoop:
    """The sending side's event loop, its stream made at the first call."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(broker.startup())
    return loop


async def _send(times: int) -> None:
    for _ in range(times):
        await task.kiq(run_id=7)


def send(times: int) -> None:
    started().run_until_complete(_send(times))
