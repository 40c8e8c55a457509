"""Several accounts over real sockets: whose turn it is, and what becomes of an account that is refused."""

import threading

import pytest
import redis

from dmarket.budget import OFFICIAL, Group, Priority, connect
from dmarket.client import Exchange
from dmarket.connections import Connections
from dmarket.endpoints import BIDS, OFFERS, SALES, Endpoint, Method
from dmarket.errors import BudgetExhausted, BudgetUnavailable, Unauthorized
from domain.games import CSGO
from tests.integration.dmarket.accounts import A, B, C, MakeFleet, asked_by, fleet_of, get, member_of, refuse
from tests.integration.dmarket.budgets import wait_until
from tests.integration.dmarket.conftest import soon
from tests.integration.dmarket.scripted import Reply, Script
from tests.integration.dmarket.test_transport import verify
from tests.unit.dmarket.samples import fee_list

pytestmark = pytest.mark.timed

WRITE = Endpoint("write", Method.POST, "/marketplace-api/v1/user-targets/create", OFFERS.group, reads=False)


def test_calls_are_spread_over_the_accounts(make_fleet: MakeFleet, script: Script) -> None:
    """Each has its own limit, so none waits while another is free."""
    fleet = make_fleet(A, B, C)

    for _ in range(9):
        get(fleet)

    assert min(len(asked_by(script, keys)) for keys in (A, B, C)) >= 2


def test_nothing_of_one_account_reaches_another(make_fleet: MakeFleet, script: Script) -> None:
    """Key and signature of a call are one account's, and so is the connection that carries it."""
    fleet = make_fleet(A, B)
    threads = [threading.Thread(target=get, args=(fleet, endpoint)) for endpoint in (OFFERS, SALES, OFFERS, SALES) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    peers = {keys.public_key: set[int]() for keys in (A, B)}
    for asked in script.asked:
        verify(asked)
        peers[asked.headers["x-api-key"]].add(asked.peer)
        assert "cookie" not in asked.headers
        assert asked.headers["x-request-sign"].count("dmar") == 1
    assert peers[A.public_key]
    assert peers[B.public_key]
    assert not peers[A.public_key] & peers[B.public_key]


def test_each_attempt_is_signed_for_the_account_that_makes_it(make_fleet: MakeFleet, script: Script) -> None:
    """A read that failed in passing may go on with another account."""
    script.say(Reply({}, 500), Reply({}, 500), Reply({"good": 1}))

    answer = get(make_fleet(A, B))

    assert answer == {"good": 1}
    assert [asked.headers["x-api-key"] for asked in script.asked] == [A.public_key, B.public_key, A.public_key]
    for asked in script.asked:
        verify(asked)


def test_a_wait_is_for_the_account_that_is_free_first(make_fleet: MakeFleet, script: Script) -> None:
    """One that the exchange told to pause holds nobody up."""
    fleet = make_fleet(A, B)
    script.say(Reply({}, 429, {"Retry-After": "30"}), Reply({}))

    for _ in range(3):
        get(fleet)

    assert [asked.headers["x-api-key"] for asked in script.asked] == [A.public_key] + [B.public_key] * 3


def test_a_wait_beyond_the_deadline_is_refused_at_once(make_fleet: MakeFleet, script: Script) -> None:
    """It tells when the first of them may be asked again."""
    fleet = make_fleet(A, B)
    script.say(Reply({}, 429, {"Retry-After": "30"}), Reply({}, 429, {"Retry-After": "9"}))

    with pytest.raises(BudgetExhausted) as caught:
        get(fleet)

    assert caught.value.retry_after == pytest.approx(9, abs=0.5)
    assert len(script.asked) == 2


def test_urgent_calls_overtake_the_sweep_on_all_accounts(make_fleet: MakeFleet, broker: redis.Redis) -> None:
    """However many sweep callers wait, the next permits of either account go to the verification."""
    fleet = make_fleet(A, B)
    order: list[Priority] = []
    for _ in range(2 * OFFICIAL[Group.LAST_SALES]):
        get(fleet, SALES)

    def ask(priority: Priority) -> None:
        fleet.call(SALES, priority=priority, deadline=soon(10))
        order.append(priority)

    sweeps = [threading.Thread(target=ask, args=(Priority.SWEEP,)) for _ in range(6)]
    urgents = [threading.Thread(target=ask, args=(Priority.URGENT,)) for _ in range(2)]
    for thread in [*sweeps, *urgents]:
        thread.start()
    wait_until(lambda: list(broker.scan_iter("*:urgent")))
    for thread in [*sweeps, *urgents]:
        thread.join()

    assert order[:4].count(Priority.URGENT) == 2


def test_a_write_is_never_made_by_a_second_account(make_fleet: MakeFleet, script: Script) -> None:
    """Not even when the first is refused."""
    script.answer = refuse(A)

    with pytest.raises(Unauthorized):
        make_fleet(A, B).call(WRITE, body={}, priority=Priority.SWEEP, deadline=soon())

    assert asked_by(script, B) == []


def test_what_is_an_accounts_own_is_asked_of_that_account(
    make_fleet: MakeFleet, broker: redis.Redis, connections: Connections, script: Script
) -> None:
    """Fees, balance and user come from the first one, the market from all."""
    own = {"usd": "1", "usdAvailableToWithdraw": "1", "id": "1", "username": "u", "settings": {"targetsLimit": 1}}
    script.say(Reply({**fee_list(), **own, "orders": []}))
    exchange = Exchange(member_of(broker, connections, A).transport, make_fleet(A, B))

    for _ in range(2):
        exchange.fees(CSGO, deadline=soon())
        exchange.balance(deadline=soon())
        exchange.user(deadline=soon())
        exchange.bids(CSGO, "title", deadline=soon())

    assert {path.partition("?")[0] for path in asked_by(script, B)} == {BIDS.path.format(game="a8db", title="title")}


def test_without_redis_no_call_is_made(connections: Connections, script: Script) -> None:
    """Whether an account is left out is not known then, and no budget either."""
    fleet = fleet_of(connect("redis://127.0.0.1:9"), connections, A, B)

    with pytest.raises(BudgetUnavailable):
        get(fleet)

    assert script.asked == []
