"""A worker in the middle of a batch that the exchange keeps waiting, and how it ends."""

import time

from models.database import Database
from models.scans import BatchState
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery
from tests.rows import single

GRACE_SECONDS = 30.0  # what whoever stops a worker gives it
AT_ONCE_SECONDS = 6.0  # the end takes at most 3.5, the machine may be busy; after 10 the call would give up anyway


def in_the_middle(start: Start, database: Database, run: int, slow: dict[str, str], line: list[str]) -> Running:
    """A worker, started by that command line, that waits for the answer about the batch."""
    worker = start(line, **slow)
    worker.wait_for("ready.")
    start(celery("call", "tasks.fetch_prices", "--kwargs", f'{{"run_id": {run}}}'), **slow).process.wait(PATIENCE)
    assert poll_until(lambda: state(database) == BatchState.LEASED, PATIENCE), worker.said
    return worker


def state(database: Database) -> str:
    return str(single(database, "SELECT state FROM scan_batches ORDER BY id LIMIT 1"))


def ended(worker: Running, began: float) -> float:
    """Seconds from `began` to the end of the process."""
    worker.process.wait(GRACE_SECONDS + PATIENCE)
    return time.monotonic() - began
