"""Three hosts around a hub, for the whole run; skipped with the reason where the machine cannot have them."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.hosts.network import Host, network


@pytest.fixture(scope="session")
def hosts() -> Iterator[dict[str, Host]]:
    """`one`, `two` and `three`; the test itself and what it starts are on the hub."""
    if shutil.which("ip") is None:
        pytest.skip("hosts of our own need Linux and its command ip (Debian: iproute2)")
    with ExitStack() as stack:
        try:
            found = stack.enter_context(network("one", "two", "three"))
        except OSError as error:
            pytest.skip(f"hosts of our own need Linux and the right to make network namespaces, that is root: {error}")
        yield found
