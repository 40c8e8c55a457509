"""Calls that leave later than they were allowed to: a busy machine stands between permit and network."""

import time
from typing import Any

import pytest
import redis

from dmarket.budget import STALE_SECONDS, Budget, Group, Permit, Priority
from tests.integration.dmarket.budgets import ACCOUNT, key, wait_until
from tests.integration.dmarket.conftest import soon

pytestmark = pytest.mark.timed


@pytest.fixture
def budget(broker: redis.Redis) -> Budget:
    return Budget(broker, ACCOUNT, jitter=lambda: 0.0)


def test_a_call_that_left_late_counts_from_when_it_left(broker: redis.Redis, budget: Budget) -> None:
    """A busy machine may stand between permit and network; the log is about calls, not about permits."""
    permit = budget.take(Group.OTHER, Priority.SWEEP, soon())
    wait_until(lambda: time.monotonic() > permit.clock + 0.03)

    budget.correct(permit, permit.clock + 0.02)

    assert broker.lrange(key("sent"), 0, -1) == [str(int(permit.logged) + 20_000).encode()]


def test_a_call_never_counts_from_the_future(broker: redis.Redis, budget: Budget) -> None:
    """A log that seems to be ahead of the clock would be thrown away, and with it the limit."""
    permit = budget.take(Group.OTHER, Priority.SWEEP, soon())

    budget.correct(permit, permit.clock + 60)
    seconds, microseconds = broker.time()

    [logged] = broker.lrange(key("sent"), 0, -1)
    assert int(permit.logged) < int(logged) <= seconds * 1_000_000 + microseconds


def test_a_call_that_left_at_once_stays_where_it_is(broker: redis.Redis, budget: Budget) -> None:
    """A few milliseconds are what the guard band is for; one unknown to the log is left out."""
    permit = budget.take(Group.OTHER, Priority.SWEEP, soon())

    budget.correct(permit, permit.clock + 0.003)
    budget.correct(Permit(Group.OTHER, "12345", permit.clock), permit.clock + 0.1)

    assert broker.lrange(key("sent"), 0, -1) == [permit.logged.encode()]


def delayed(budget: Budget, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let each permit take that long from Redis to the caller, as on a machine with too much to do."""
    take = budget._take

    def late(*arguments: Any, **named: Any) -> Any:
        given, since = take(*arguments, **named), time.monotonic()
        wait_until(lambda: time.monotonic() > since + seconds)
        return given

    monkeypatch.setattr(budget, "_take", late)


def test_a_permit_that_arrived_late_is_moved_before_it_is_used(
    broker: redis.Redis, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next calls keep their distance from when it really can be sent."""
    delayed(budget, monkeypatch, 0.05)
    asked = broker.time()

    permit, _ = budget.try_take(Group.OTHER, Priority.SWEEP)

    assert permit is not None
    assert broker.lrange(key("sent"), 0, -1) == [permit.logged.encode()]
    assert int(permit.logged) - (asked[0] * 1_000_000 + asked[1]) >= 50_000


def test_a_permit_that_took_far_too_long_is_let_go(
    broker: redis.Redis, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its place in the log is lost; used now it could be one too many among later ones."""
    delayed(budget, monkeypatch, STALE_SECONDS + 0.01)

    permit, wait = budget.try_take(Group.OTHER, Priority.SWEEP)

    assert (permit, wait) == (None, 0)
    assert broker.llen(key("sent")) == 1
