"""The network itself: hosts have addresses of their own, and nothing of it is seen outside or left behind."""

import socket
from pathlib import Path

import pytest

from tests.hosts.namespaces import OWN, ip
from tests.hosts.network import HUB, Host, network

HUB_PORT = 5000


def connect() -> socket.socket:
    return socket.create_connection((HUB, HUB_PORT), timeout=1)


def traces() -> tuple[str, Path, int]:
    """The interfaces this thread sees, its namespace, and how many descriptors are open."""
    descriptors = list(Path("/proc/self/fd").iterdir())
    return ip("-o", "link"), Path(OWN).readlink(), len(descriptors)


def test_each_host_reaches_the_hub_from_its_own_address(hosts: dict[str, Host]) -> None:
    """What counts is where a socket was opened, not which thread uses it."""
    with socket.create_server((HUB, HUB_PORT)):
        addresses = []
        for host in hosts.values():
            with host.run(connect) as connection:
                addresses.append(connection.getsockname()[0])

    assert addresses == [host.address for host in hosts.values()] == ["10.203.0.11", "10.203.0.12", "10.203.0.13"]


def test_a_silenced_host_waits_and_an_unplugged_one_is_told(hosts: dict[str, Host]) -> None:
    """The two ways to lose a host differ in what it sees."""
    with socket.create_server((HUB, HUB_PORT)):
        hosts["three"].silence()
        with pytest.raises(TimeoutError):
            hosts["three"].run(connect)
        hosts["three"].unplug()
        with pytest.raises(OSError, match="Network is unreachable"):
            hosts["three"].run(connect)
        hosts["three"].bring_back()


def test_a_network_leaves_nothing_behind(hosts: dict[str, Host]) -> None:
    """Neither interfaces nor open descriptors, and the thread is where it was."""
    before = traces()
    with network("alone"):
        inside = traces()

    assert traces() == before
    assert inside[:2] != before[:2]
