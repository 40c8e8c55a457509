from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from models.database import Database
from sandbox.runner.announced import start_announced
from sandbox.runner.environment import Ports
from sandbox.servers.children import ProcessFamily
from tests.integration.worker.processes import Running, celery
from tests.rows import a_run, make_partitions

SMALL = ("--titles", "csgo=300,dota2=200,tf2=0,rust=0", "--planted-per-game", "6", "--latency-ms", "5")
LATENCY_SECONDS = 12  # longer than any read waits
Start = Callable[..., Running]
Command = Callable[..., tuple[int, str]]


def nothing(_line: str) -> None:
    """The exchange's own log is not what is tested here."""


@pytest.fixture(scope="session")
def exchange(family: ProcessFamily) -> dict[str, str]:
    """The environment that leads to a small sandbox exchange."""
    said = start_announced(family, "exchange", "sandbox.exchange", SMALL, nothing)
    return {
        "DMARKET_API_URL": said["url"],
        "DMARKET_PUBLIC_KEY": said["public_key"],
        "DMARKET_SECRET_KEY": said["secret_key"],
    }


@pytest.fixture(scope="session")
def slow_exchange(family: ProcessFamily) -> dict[str, str]:
    """The environment that leads to an exchange that answers nothing in time."""
    options = (*SMALL, "--latency-ms", str(LATENCY_SECONDS * 1000))
    said = start_announced(family, "slow exchange", "sandbox.exchange", options, nothing)
    return {
        "DMARKET_API_URL": said["url"],
        "DMARKET_PUBLIC_KEY": said["public_key"],
        "DMARKET_SECRET_KEY": said["secret_key"],
    }


@pytest.fixture
def environ(exchange: dict[str, str], database_url: str, redis_url: str) -> dict[str, str]:
    """What a worker needs, on real servers that hold nothing yet."""
    return {
        **exchange,
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": redis_url,
        "ENVIRONMENT": "production",
        "WORKER_CONCURRENCY": "4",
    }


@pytest.fixture
def start(environ: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts processes; keywords replace variables. All end with the test."""
    running: list[Running] = []
    numbers = count()

    def begin(arguments: list[str], **variables: str) -> Running:
        own = {"HTTP_PORT": str(Ports.free().of["worker"])}
        process = Running(arguments, {**environ, **own, **variables}, tmp_path / f"process-{next(numbers)}.log")
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()


@pytest.fixture
def run_id(database: Database) -> int:
    """A scan of three titles, one batch of it."""
    now = datetime.now(UTC)
    make_partitions(database, now)
    return a_run(database, 3, at=now)


@pytest.fixture
def command(start: Start) -> Command:
    """Runs a `celery -A worker …` command to its end: exit code and output."""

    def run(*arguments: str, **variables: str) -> tuple[int, str]:
        process = start(celery(*arguments), COLUMNS="200", **variables)
        return process.process.wait(90), process.said

    return run
