"""Huey with the same message, but pickled and taken off the queue before its task runs: it knows nothing else."""

import os
from pathlib import Path

from huey import RedisHuey

from benchmarks.broker_marks import Marker

EXPIRES = 600  # seconds

huey = RedisHuey("prices", url=os.environ["BENCH_BROKER_URL"], results=False)
mark = Marker(Path(os.environ["BENCH_MARKS"]))


def fetch_prices(run_id: int) -> None:  # noqa: ARG001  # it is what the message carries
    """Starting is all it does."""
    mark()


task = huey.task(expires=EXPIRES)(fetch_prices)


def send(times: int) -> None:
    for _ in range(times):
        task(run_id=7)
