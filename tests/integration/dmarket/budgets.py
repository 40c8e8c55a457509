"""What the tests of the rate budget share."""

import time
from collections.abc import Callable

from dmarket.budget import Group
from tests.integration.dmarket.conftest import soon

ACCOUNT = "0123456789ab"


def key(name: str, group: Group = Group.OTHER) -> str:
    return f"skinbeat:budget:{{{ACCOUNT}:{group}}}:{name}"


def wait_until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    deadline = soon(seconds)
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.005)  # between two looks at the condition, never instead of one
