"""Starting whole systems for the acceptance tests."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.settings import NAMES, PREFIX
from sandbox.runner.console import Screen
from sandbox.runner.stack import Wishes, prepare
from sandbox.servers.children import ProcessFamily
from tests.acceptance.market import Market

SMALL = ("--titles", "csgo=1200,dota2=600,tf2=400,rust=400", "--planted-per-game", "6", "--latency-ms", "20")
MarketFactory = Callable[..., Market]


@pytest.fixture
def open_market(tmp_path: Path) -> Iterator[MarketFactory]:
    """A factory of systems with servers and sandboxes up; nothing of ours runs in them yet."""
    with ExitStack() as stack:

        def make(*exchange: str, **environ: str) -> Market:
            data = tmp_path / "run"
            return a_market(stack.enter_context(ProcessFamily(data)), data, *exchange, **environ)

        yield make


def a_market(family: ProcessFamily, data: Path, *exchange: str, **environ: str) -> Market:
    """Servers and sandboxes on the folder `data`; `exchange` are options of the simulated one."""
    wishes = Wishes(everything=True, exchange=exchange or SMALL)
    return Market(prepare(family, data, {**_plain(), **environ}, Screen(), wishes), data)


def _plain() -> dict[str, str]:
    """The environment of the test run without anything that configures Skinbeat."""
    ours = (*NAMES, PREFIX, "CELERY_", "REDIS_", "DMARKET_", "TELEGRAM_", "ENCRYPTION_", "FLOWER_", "OTEL_", "HTTP_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
