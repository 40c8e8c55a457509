"""Several accounts at the simulated exchange: what they carry together, and one of them lost and found."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from urllib.request import Request, urlopen

import orjson
import pytest
import redis

from dmarket.budget import OFFICIAL, Group, Priority
from dmarket.connections import Connections
from dmarket.endpoints import FEES, SALES, USER, Endpoint
from dmarket.errors import ExchangeError
from dmarket.fleet import Fleet
from dmarket.signing import Credentials
from dmarket.transport import Query
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from tests.integration.dmarket.accounts import SHORT, A, B, C, fleet_of
from tests.integration.dmarket.budgets import wait_until
from tests.integration.dmarket.conftest import soon

pytestmark = pytest.mark.timed

TITLE = [("gameId", "rust"), ("title", "any"), ("limit", "20"), ("offset", "0")]


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    options = Options(
        titles={"rust": 200}, accounts=tuple(keys.public_key for keys in (A, B, C)), latency_ms=20, tick_seconds=0
    )
    with serve(options) as exchange:
        yield exchange


@pytest.fixture
def connections(exchange: Exchange) -> Iterator[Connections]:
    connections = Connections(exchange.url)
    yield connections
    connections.close()


def switch(exchange: Exchange, keys: Credentials, standing: str) -> None:
    body = orjson.dumps({"publicKey": keys.public_key, "standing": standing})
    with urlopen(Request(f"{exchange.url}/_sandbox/accounts", body), timeout=30):  # noqa: S310 - our own server
        pass


def statuses(exchange: Exchange, keys: Credentials) -> list[tuple[str, int]]:
    """What an account asked for and was told, in turn."""
    return [(row.path, row.status) for row in list(exchange.traffic.log) if row.account == keys.public_key]


@contextmanager
def reading(fleets: list[Fleet], endpoint: Endpoint, query: Query) -> Iterator[list[ExchangeError]]:
    """A thread for each fleet asks as often as it may; yields what went wrong."""
    stop = threading.Event()
    failures: list[ExchangeError] = []

    def read(fleet: Fleet) -> None:
        while not stop.is_set():
            try:
                fleet.call(endpoint, query=query, priority=Priority.SWEEP, deadline=soon())
            except ExchangeError as failure:
                failures.append(failure)

    threads = [threading.Thread(target=read, args=(fleet,)) for fleet in fleets]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_two_accounts_carry_the_calls_of_two(exchange: Exchange, connections: Connections, broker: redis.Redis) -> None:
    """More than 1.9 times as many as a third account by itself in the same seconds; none passes its limit in any."""
    seconds = 5
    alone = [fleet_of(broker, connections, C)]
    together = [fleet_of(broker, connections, A, B) for _ in range(2)]

    with reading([*alone, *together] * 3, SALES, TITLE) as failures:
        wait_until(lambda: exchange.traffic.log)
        begin = exchange.traffic.log[0].time + 0.5
        wait_until(lambda: time.time() > begin + seconds, 2 * seconds)

    calls = Counter(row.account for row in exchange.traffic.log if begin <= row.time < begin + seconds)
    flows = [exchange.traffic.flow(keys.public_key, Group.LAST_SALES) for keys in (A, B, C)]
    assert failures == []
    assert calls[A.public_key] + calls[B.public_key] > 1.9 * calls[C.public_key]
    assert calls[C.public_key] > 0.8 * seconds * OFFICIAL[Group.LAST_SALES]
    assert [flow.over_limit_windows for flow in flows] == [0, 0, 0]
    assert all(flow.largest <= OFFICIAL[Group.LAST_SALES] for flow in flows)


@pytest.mark.parametrize(("standing", "status"), [("banned", 403), ("revoked", 401)])
def test_a_lost_account_is_left_out_and_used_again_when_it_is_back(
    exchange: Exchange, connections: Connections, broker: redis.Redis, standing: str, status: int
) -> None:
    """Three workers go on with the other one and never fail; the lost one gets nothing but trials meanwhile."""
    fleets = [fleet_of(broker, connections, A, B, pauses=SHORT) for _ in range(3)]

    def told(good: Callable[[tuple[str, int]], bool]) -> int:
        return sum(good(row) for row in statuses(exchange, A))

    with reading(fleets, FEES, TITLE[:1]) as failures:
        wait_until(lambda: told(lambda row: row == (FEES.path, 200)) > 10)
        switch(exchange, A, standing)
        wait_until(lambda: told(lambda row: row == (USER.path, status)) >= 3, 10)
        switch(exchange, A, "active")
        served = told(lambda row: row == (FEES.path, 200))
        wait_until(lambda: told(lambda row: row == (FEES.path, 200)) > served + 10, 10)

    rows = [row for row in list(exchange.traffic.log) if row.account == A.public_key]
    confirmed = next(row.time for row in rows if (row.path, row.status) == (USER.path, status))
    trials = [row.time for row in rows if row.path == USER.path]
    back = next(row.time for row in rows if row.path == USER.path and row.status == 200)
    in_flight = 0.3  # what another worker sent or was allowed before it saw that the account is left out
    assert failures == []
    assert [row for row in rows if confirmed + in_flight < row.time < back and row.path != USER.path] == []
    assert all(later - earlier > SHORT.first for earlier, later in pairwise(trials))
    assert told(lambda row: row == (FEES.path, 200)) > served + 10
