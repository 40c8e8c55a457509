from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from sandbox.runner.announced import start_announced
from sandbox.runner.environment import Ports
from sandbox.servers.children import ProcessFamily
from tests.integration.worker.processes import Running

SMALL = ("--titles", "csgo=300,dota2=200,tf2=0,rust=0", "--planted-per-game", "6", "--latency-ms", "5")
Start = Callable[..., Running]


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
