"""Real concurrency: threads that begin together, and waiting until one is stopped by another's lock."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from models.database import Database
from tests.rows import single

T = TypeVar("T")
PATIENCE = 60.0  # seconds


def at_once(times: int, call: Callable[[], T]) -> list[T]:
    """What `times` calls in as many threads returned, all begun at the same moment."""
    barrier = Barrier(times)

    def begin() -> T:
        barrier.wait(PATIENCE)
        return call()

    with ThreadPoolExecutor(times) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(begin) for _ in range(times)]]


def wait_until_blocked(database: Database, backends: int = 1) -> None:
    """Return once so many sessions of the database wait for a lock."""
    deadline = time.monotonic() + PATIENCE
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
    )
    while single(database, query) < backends:
        assert time.monotonic() < deadline, "nobody waits for a lock"
        time.sleep(0.005)
