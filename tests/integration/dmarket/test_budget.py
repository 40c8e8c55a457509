"""The shared rate budget in a real broker."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import redis

from dmarket.budget import OFFICIAL, PAD_FLOOR, Budget, Group, Priority, connect
from dmarket.errors import BudgetExhausted, BudgetUnavailable
from tests.integration.dmarket.budgets import ACCOUNT, key, wait_until
from tests.integration.dmarket.conftest import soon
from tests.integration.dmarket.scripted import Asked, Reply, Script

pytestmark = pytest.mark.timed

ROOT = Path(__file__).parents[3]


@pytest.fixture
def budget(broker: redis.Redis) -> Budget:
    return Budget(broker, ACCOUNT, jitter=lambda: 0.0)


def take_all(budget: Budget, group: Group = Group.OTHER, priority: Priority = Priority.SWEEP) -> None:
    """Use up a whole window."""
    for _ in range(OFFICIAL[group]):
        budget.take(group, priority, soon())


def wait_asked(budget: Budget, priority: Priority = Priority.SWEEP) -> float:
    """How long a caller without time would have to wait, in seconds."""
    with pytest.raises(BudgetExhausted) as caught:
        budget.take(Group.OTHER, priority, soon(0.02))
    assert caught.value.retry_after is not None
    return caught.value.retry_after


def test_three_processes_use_the_limit_and_never_pass_it(script: Script, redis_url: str) -> None:
    """Over 90 % of the official limit is used, and no rolling second at the exchange holds more calls than it."""
    limit = OFFICIAL[Group.OTHER]
    argv = [sys.executable, "-m", "tests.integration.dmarket.backlog", script.url, redis_url, "2"]
    workers = [subprocess.Popen(argv, cwd=ROOT) for _ in range(3)]
    codes = [worker.wait(timeout=30) for worker in workers]

    times = sorted(asked.at for asked in script.asked)
    windows = [sum(start <= at < start + 1 for at in times) for start in times]

    assert codes == [0, 0, 0]
    assert max(windows) <= limit
    assert (len(times) - 1) / (times[-1] - times[0]) > 0.9 * limit


def test_groups_and_accounts_have_their_own_budgets(broker: redis.Redis, budget: Budget) -> None:
    """A used-up group delays neither another group nor another account."""
    take_all(budget, Group.LAST_SALES)

    budget.take(Group.OTHER, Priority.SWEEP, soon(0.15))
    Budget(broker, "another").take(Group.LAST_SALES, Priority.SWEEP, soon(0.15))

    with pytest.raises(BudgetExhausted):
        budget.take(Group.LAST_SALES, Priority.SWEEP, soon(0.05))


def test_a_wait_beyond_the_deadline_is_refused_at_once(budget: Budget) -> None:
    """Nobody sleeps for a permit that would come too late; the error tells when one may."""
    budget.report(Group.OTHER, 429, {"Retry-After": "5"})
    started = time.monotonic()

    with pytest.raises(BudgetExhausted) as caught:
        budget.take(Group.OTHER, Priority.URGENT, soon(4))

    assert time.monotonic() - started < 0.5
    assert caught.value.retry_after == pytest.approx(5, abs=0.5)
    assert not caught.value.permanent


def test_one_429_stops_all_workers(script: Script, redis_url: str) -> None:
    """After the exchange's 429 no process sends before Retry-After has passed."""
    refusals: list[float] = []

    def refuse_the_fifth(asked: Asked) -> Reply:
        if len(script.asked) == 5:
            refusals.append(asked.at)
            return Reply({}, 429, {"Retry-After": "1"})
        return Reply({})

    script.answer = refuse_the_fifth
    argv = [sys.executable, "-m", "tests.integration.dmarket.backlog", script.url, redis_url, "2.5"]
    workers = [subprocess.Popen(argv, cwd=ROOT) for _ in range(2)]
    codes = [worker.wait(timeout=30) for worker in workers]

    refused_at = refusals[0]
    in_flight = 0.3  # a permit given before the refusal was reported
    assert codes == [0, 0]
    assert not [asked.at for asked in script.asked if refused_at + in_flight < asked.at < refused_at + 1]
    assert [asked for asked in script.asked if asked.at > refused_at + 1]


def test_urgent_callers_overtake_the_sweep(budget: Budget, broker: redis.Redis) -> None:
    """However many sweep callers wait, the next permits go to the verification."""
    order: list[Priority] = []
    take_all(budget, Group.LAST_SALES)

    def take(priority: Priority) -> None:
        budget.take(Group.LAST_SALES, priority, soon(10))
        order.append(priority)

    sweeps = [threading.Thread(target=take, args=(Priority.SWEEP,)) for _ in range(4)]
    for thread in sweeps:
        thread.start()
    urgents = [threading.Thread(target=take, args=(Priority.URGENT,)) for _ in range(2)]
    for thread in urgents:
        thread.start()
    wait_until(lambda: broker.exists(key("urgent", Group.LAST_SALES)))
    for thread in [*sweeps, *urgents]:
        thread.join()

    assert order == [Priority.URGENT] * 2 + [Priority.SWEEP] * 4


def test_an_urgent_caller_that_gave_up_does_not_hold_the_sweep(budget: Budget) -> None:
    """Its mark ends by itself, right after the moment it would have come back."""
    budget.take(Group.OTHER, Priority.SWEEP, soon())
    wait_asked(budget, Priority.URGENT)

    budget.take(Group.OTHER, Priority.SWEEP, soon(0.5))

    assert wait_asked(budget) < 0.2


def test_a_lower_limit_told_by_the_exchange_is_obeyed(budget: Budget, broker: redis.Redis) -> None:
    """It spreads the calls wider until it expires."""
    budget.report(Group.OTHER, 200, {"X-RateLimit-Limit-Second": "2"})
    budget.take(Group.OTHER, Priority.SWEEP, soon())

    assert 0.2 < wait_asked(budget) <= 0.5
    assert 50 < int(str(broker.ttl(key("ceiling")))) <= 60


@pytest.mark.parametrize("told", ["1000", "0", "-3", "many", ""])
def test_no_header_raises_the_limit(budget: Budget, broker: redis.Redis, told: str) -> None:
    """The official limit stays the highest, and nonsense changes nothing."""
    budget.report(Group.OTHER, 200, {"X-RateLimit-Limit-Second": told})

    assert not broker.exists(key("ceiling"))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3", "RateLimit-Reset": "9"}, 3),
        ({"ratelimit-reset": "2"}, 2),
        ({"Retry-After": "0"}, 1),
        ({}, 1),
    ],
)
def test_a_429_blocks_as_long_as_it_says(budget: Budget, headers: dict[str, str], seconds: int) -> None:
    """Retry-After comes first, then RateLimit-Reset, then a second and jitter (none here)."""
    budget.report(Group.OTHER, 429, headers)

    assert wait_asked(budget) == pytest.approx(seconds, abs=0.5)


def test_each_overrun_widens_the_guard_band_once(budget: Budget, broker: redis.Redis) -> None:
    """Calls in flight that the same overrun refused do not count again, and a new overrun does."""
    for _ in range(3):
        budget.report(Group.OTHER, 429, {"Retry-After": "5"})
    first = broker.hget(key("pace"), "pad")
    broker.delete(key("blocked"))
    budget.report(Group.OTHER, 429, {})

    assert first == str(PAD_FLOOR + 10_000).encode()
    assert broker.hget(key("pace"), "pad") == str(PAD_FLOOR + 20_000).encode()


def test_a_thousand_clean_calls_narrow_it_again(budget: Budget, broker: redis.Redis) -> None:
    """One millisecond at a time and never below the floor."""
    broker.hset(key("pace"), mapping={"pad": PAD_FLOOR + 500, "clean": 999})

    budget.take(Group.OTHER, Priority.SWEEP, soon())

    assert broker.hgetall(key("pace")) == {b"pad": str(PAD_FLOOR).encode(), b"clean": b"0"}


def test_another_user_of_the_account_is_noticed(budget: Budget) -> None:
    """Nothing remains although we sent little: wait for the server's next window."""
    budget.take(Group.OTHER, Priority.SWEEP, soon())

    budget.report(Group.OTHER, 200, {"X-RateLimit-Remaining-Second": "0", "RateLimit-Reset": "2"})

    assert wait_asked(budget) == pytest.approx(2, abs=0.5)


def test_our_own_full_window_is_no_alarm(budget: Budget) -> None:
    """After a full window of ours nothing remains either, and that is as it should be."""
    take_all(budget, Group.LAST_SALES)
    budget.report(Group.LAST_SALES, 200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "9"}, elapsed=0.2)

    budget.take(Group.LAST_SALES, Priority.SWEEP, soon(2))


def test_a_clock_set_back_does_not_block(budget: Budget, broker: redis.Redis) -> None:
    """Send times in the future of Redis say nothing and are dropped."""
    seconds, micros = broker.time()
    broker.lpush(key("sent"), (seconds + 3600) * 1_000_000 + micros)

    budget.take(Group.OTHER, Priority.SWEEP, soon(0.5))

    assert broker.llen(key("sent")) == 1


def test_idle_keys_expire(budget: Budget, broker: redis.Redis) -> None:
    """Nothing stays in Redis for an account that is no longer used."""
    budget.take(Group.OTHER, Priority.URGENT, soon())
    wait_asked(budget, Priority.URGENT)
    budget.report(Group.OTHER, 429, {"X-RateLimit-Limit-Second": "3"})

    keys = sorted(broker.scan_iter("*"))

    assert keys == sorted(key(name).encode() for name in ("sent", "blocked", "urgent", "ceiling", "pace"))
    assert all(int(str(broker.pttl(name))) > 0 for name in keys)


def test_without_redis_there_is_no_permit() -> None:
    """It fails closed with an error that passes, and a report does no harm."""
    budget = Budget(connect("redis://127.0.0.1:9"), ACCOUNT)

    budget.report(Group.OTHER, 429, {})
    with pytest.raises(BudgetUnavailable) as caught:
        budget.take(Group.OTHER, Priority.URGENT, soon())

    assert not caught.value.permanent
