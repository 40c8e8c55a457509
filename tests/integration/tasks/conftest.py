"""The tasks' services on real servers and a small real exchange, and a look into the broker's queues."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis
import requests
from celery import Celery, current_app

import tasks.services as built
from config.settings import load
from dmarket.budget import connect
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from tasks.services import Services, services

TITLES = {"csgo": 0, "dota2": 0, "tf2": 0, "rust": 220}


@pytest.fixture
def options() -> Options:
    """220 Rust titles (and a trap's twin) with plants and traps; nothing moves by itself."""
    return Options(titles=TITLES, latency_ms=0, tick_seconds=0, planted_per_game=6)


@pytest.fixture
def exchange(options: Options) -> Iterator[Exchange]:
    with serve(options) as exchange:
        yield exchange


@dataclass(frozen=True)
class Bells:
    """What was rung for: messages that wait in the broker."""

    client: redis.Redis

    def rung(self) -> Counter[str]:
        """How many messages wait for each task."""
        return Counter(message["headers"]["task"] for message in self.messages())

    def messages(self) -> list[Any]:
        queues = ("scan", "prices", "verify", "maintenance")
        return [json.loads(message) for queue in queues for message in self.client.lrange(queue, 0, -1)]


@pytest.fixture
def bells(redis_client: redis.Redis) -> Bells:
    return Bells(redis_client)


@pytest.fixture
def app(redis_url: str) -> Iterator[Celery]:
    """An application that only sends; the one that was current before is so again afterwards."""
    former = current_app._get_current_object()  # type: ignore[attr-defined]  # the stubs know no proxies
    with Celery("tests", broker=redis_url) as app:
        yield app
    former.set_current()


@pytest.fixture
def work(
    exchange: Exchange, database_url: str, redis_url: str, app: Celery, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """What every task finds when it asks for its services."""
    environ = {
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": redis_url,
        "DMARKET_API_URL": exchange.url,
        "DMARKET_PUBLIC_KEY": exchange.public_key,
        "DMARKET_SECRET_KEY": exchange.secret_key,
    }
    budgets: list[redis.Redis] = []

    def remembered(url: str) -> redis.Redis:
        budgets.append(connect(url))
        return budgets[-1]

    monkeypatch.setattr(built, "connect", remembered)
    services._built.clear()
    services.configure(load(environ, "worker"))
    work = services()
    yield work
    services._built.clear()
    work.database.dispose()
    for client in budgets:
        client.close()
        client.connection_pool.disconnect()


def strike(exchange: Exchange, kind: str, path: str = "") -> None:
    """Let every call whose path contains `path` fail that way from now on; "off" ends all."""
    answer = requests.post(f"{exchange.url}/_sandbox/faults", json={"kind": kind, "path_contains": path}, timeout=30)
    answer.raise_for_status()


def asked(exchange: Exchange, path: str) -> int:
    """How many calls the exchange got whose path contains `path`."""
    return sum(path in request.path for request in exchange.traffic.log)
