"""A scripted exchange, the real rate budget in a real broker, and a client between them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import redis

from dmarket.budget import Budget, Group, connect
from dmarket.client import Exchange
from dmarket.connections import Connections
from dmarket.signing import Credentials
from dmarket.transport import Transport
from tests.integration.dmarket.accounts import MakeFleet, fleet_of
from tests.integration.dmarket.scripted import Script, serving

PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
SECRET = bytes(range(32)).hex() + PUBLIC
PLENTY = dict.fromkeys(Group, 1000)  # so that only the tests of the budget wait for permits


def soon(seconds: float = 5.0) -> float:
    """A deadline that a passing test does not reach."""
    return time.monotonic() + seconds


@dataclass(frozen=True)
class Client:
    """Everything from the domain's side down to the socket."""

    exchange: Exchange
    transport: Transport
    connections: Connections
    budget: Budget


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(PUBLIC, SECRET)


@pytest.fixture
def broker(redis_url: str) -> Iterator[redis.Redis]:
    client = connect(redis_url)
    yield client
    client.close()
    client.connection_pool.disconnect()


@pytest.fixture
def script() -> Iterator[Script]:
    with serving() as script:
        yield script


MakeClient = Callable[..., Client]


@pytest.fixture
def make_client(script: Script, broker: redis.Redis, credentials: Credentials) -> Iterator[MakeClient]:
    """A factory of clients of the scripted exchange; keyword arguments go to Connections."""
    made: list[Client] = []

    def make(*, now: Callable[[], float] = time.time, url: str | None = None, **options: float) -> Client:
        connections = Connections(url or script.url, **options)  # type: ignore[arg-type]  # tests pass what it takes
        budget = Budget(broker, credentials.account, PLENTY)
        transport = Transport(connections, credentials, budget, version="0.1.0", jitter=lambda: 0.0, now=now)
        made.append(Client(Exchange(transport), transport, connections, budget))
        return made[-1]

    yield make
    for client in made:
        client.connections.close()


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    return make_client()


@pytest.fixture
def exchange(client: Client) -> Exchange:
    return client.exchange


@pytest.fixture
def connections(script: Script) -> Iterator[Connections]:
    """Connections to the scripted exchange, shared by the accounts of a test."""
    connections = Connections(script.url)
    yield connections
    connections.close()


@pytest.fixture
def make_fleet(broker: redis.Redis, connections: Connections) -> MakeFleet:
    """A factory of fleets: accounts' keys, and what else `fleet_of` takes."""
    return lambda *keys, **options: fleet_of(broker, connections, *keys, **options)
