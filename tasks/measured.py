"""What is counted of each run of a task: how long it waited, how long it took, how it ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum

from tasks.queues import QUEUE_OF
from telemetry.metrics import TASK_SECONDS, TASK_WAIT, TASKS

QUEUES = {name.value: queue.value for name, queue in QUEUE_OF.items()}
SENT_AT = "sent_at"  # the header with the time of sending, as a Unix time


class Ended(StrEnum):
    DONE = "done"
    REFUSED = "refused"  # a message that is none of ours
    NO_PERMIT = "no_permit"
    UPSTREAM = "upstream"
    DATABASE = "database"
    POOL = "pool"  # no connection of the pool was free in time
    BROKER = "broker"
    FAILED = "failed"  # nobody foresaw it


class Run:
    """One run; what ends it otherwise than in order says so in `ended`."""

    def __init__(self) -> None:
        self.ended = Ended.FAILED


@contextmanager
def measured(name: str) -> Iterator[Run]:
    """Time and count the run of the task `name`; what is raised through it counts as failed."""
    run, began = Run(), time.perf_counter()
    try:
        yield run
    finally:
        TASK_SECONDS.labels(name).observe(time.perf_counter() - began)
        TASKS.labels(name, run.ended.value).inc()


def note_wait(name: str, sent_at: object, eta: object) -> None:
    """Note how long the message of a task waited from when it was due; nothing where it does not say when that was.

    Headers are written by whoever reaches the broker, so they are looked at before they are believed.
    """
    due = sent_at if isinstance(sent_at, int | float) else None
    if isinstance(eta, str):
        try:
            due = datetime.fromisoformat(eta).timestamp()
        except ValueError:
            due = None
    if due is not None and name in QUEUES:
        TASK_WAIT.labels(QUEUES[name]).observe(max(datetime.now(UTC).timestamp() - due, 0))
