"""How much of the rate budget is used, as operators are told."""

import pytest
import redis

from dmarket.budget import Budget, Group, Priority
from tests.integration.dmarket.budgets import ACCOUNT, key, wait_until
from tests.integration.dmarket.conftest import soon

pytestmark = pytest.mark.timed


def test_calls_of_the_last_second_are_counted_by_group(broker: redis.Redis) -> None:
    """Whoever made them; looking takes no permit, and a second later they are over."""
    budget, colleague = Budget(broker, ACCOUNT), Budget(broker, ACCOUNT)
    for one in (budget, colleague, budget):
        one.take(Group.OTHER, Priority.SWEEP, soon())
    used = budget.used()
    logged = broker.llen(key("sent"))

    assert used == {Group.OTHER: 3, Group.MARKET_ITEMS: 0, Group.LAST_SALES: 0, Group.FEES: 0}
    assert logged == 3
    wait_until(lambda: budget.used()[Group.OTHER] == 0)


def test_another_account_has_its_own(broker: redis.Redis) -> None:
    """Its calls are not this one's."""
    Budget(broker, "another").take(Group.FEES, Priority.URGENT, soon())

    assert Budget(broker, ACCOUNT).used()[Group.FEES] == 0
