"""Three hosts around a hub, for the whole run; skipped with the reason where the machine cannot have them."""

from collections.abc import Iterator

import pytest

from tests.hosts.network import Host, network, obstacle


@pytest.fixture(scope="session")
def hosts() -> Iterator[dict[str, Host]]:
    """`one`, `two` and `three`; the test itself and what it starts are on the hub."""
    if reason := obstacle():
        pytest.skip(reason)
    with network("one", "two", "three") as found:
        yield found
