"""A whole Skinbeat on simulated services, to be measured."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests

from models.database import Database
from sandbox.runner.console import Screen
from sandbox.runner.stack import Stack, Wishes, prepare
from sandbox.servers.children import ProcessFamily
from sandbox.servers.query import rows_of

Found = TypeVar("Found")
OURS = ("DATABASE_URL", "CELERY_", "REDIS_", "DMARKET_", "TELEGRAM_", "SCAN_", "HTTP_", "LOG_LEVEL", "WORKER_")


def eventually(what: str, check: Callable[[], Found], seconds: float = 60.0, every: float = 0.05) -> Found:
    """Look until `check` gives something true and return it; TimeoutError naming `what` when it is not in time."""
    ends = time.monotonic() + seconds
    while not (found := check()):
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(every)  # between two looks at the condition, never instead of one
    return found


@dataclass(frozen=True, slots=True)
class Stage:
    """Servers and simulated services that are up; our processes are spawned through `stack`."""

    stack: Stack
    data: Path

    def exchange(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return _private(str(self.stack.exchange), path, body)

    def telegram(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return _private(str(self.stack.telegram), path, body)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        return rows_of(self.stack.env["DATABASE_URL"], statement, values)

    def number(self, statement: str, values: Sequence[object] = ()) -> int:
        """The single number a query gives, 0 for NULL."""
        return int(next(iter(self.rows(statement, values)[0].values())) or 0)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database as our processes see it."""
        database = Database(self.stack.env["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://"))
        try:
            yield database
        finally:
            database.dispose()


def _private(base: str, path: str, body: dict[str, Any] | None) -> Any:
    url = f"{base}/_sandbox/{path}"
    answer = requests.get(url, timeout=30) if body is None else requests.post(url, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


@contextmanager
def stage(*exchange: str, **environ: str) -> Iterator[Stage]:
    """Servers and simulated services in a folder that is forgotten afterwards.

    `exchange` are the simulated exchange's command-line options, `environ` the settings of our processes.
    """
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as folder, ProcessFamily(Path(folder)) as family:
        wishes = Wishes(everything=True, exchange=exchange)
        yield Stage(prepare(family, Path(folder), {**plain, **environ}, Screen(), wishes), Path(folder))
