"""The network itself: hosts have addresses of their own, and nothing of it is seen outside or left behind."""

import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.hosts.namespaces import OWN, ip
from tests.hosts.network import HUB, SWITCH, Host, network

HUB_PORT = 5000


def connect(seconds: float) -> socket.socket:
    return socket.create_connection((HUB, HUB_PORT), timeout=seconds)


def hardware_address(link: str) -> str:
    return ip("-brief", "link", "show", link).split()[2]


def traces() -> tuple[str, Path, int]:
    """The interfaces this thread sees, its namespace, and how many descriptors are open."""
    descriptors = list(Path("/proc/self/fd").iterdir())
    return ip("-o", "link"), Path(OWN).readlink(), len(descriptors)


def test_each_host_reaches_the_hub_from_its_own_address(hosts: dict[str, Host]) -> None:
    """What counts is where a socket was opened, not which thread uses it."""
    with socket.create_server((HUB, HUB_PORT)):
        addresses = []
        for host in hosts.values():
            # whom an earlier test cut off is looked for only once a second
            with host.run(partial(connect, 10)) as connection:
                addresses.append(connection.getsockname()[0])

    assert addresses == [host.address for host in hosts.values()] == ["10.203.0.11", "10.203.0.12", "10.203.0.13"]


def test_a_silenced_host_waits_and_an_unplugged_one_is_told(hosts: dict[str, Host]) -> None:
    """The two ways to lose a host differ in what it sees."""
    with socket.create_server((HUB, HUB_PORT)):
        hosts["three"].silence()
        with pytest.raises(TimeoutError):
            hosts["three"].run(partial(connect, 1))
        hosts["three"].unplug()
        with pytest.raises(OSError, match="Network is unreachable"):
            hosts["three"].run(partial(connect, 1))
        hosts["three"].bring_back()


def test_the_hub_stays_where_it_is_whichever_host_is_lost(hosts: dict[str, Host]) -> None:
    """A switch that takes another hardware address would be lost to the other hosts for seconds, too."""
    addresses = [hardware_address(SWITCH)]
    for host in hosts.values():
        host.silence()
        addresses.append(hardware_address(SWITCH))
        host.bring_back()

    assert addresses == addresses[:1] * 4


def test_a_network_leaves_nothing_behind(hosts: dict[str, Host]) -> None:
    """Neither interfaces nor open descriptors, and the thread is where it was."""
    before = traces()
    with network("alone"):
        inside = traces()

    assert traces() == before
    assert inside[:2] != before[:2]


def test_a_machine_that_cannot_have_hosts_is_told_why_and_passes() -> None:
    """One line and exit code 0, so that whoever has no root can run everything else."""
    without_ip = {**os.environ, "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "tests.hosts"], env=without_ip, capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "not tested: hosts of our own need Linux and its command ip (Debian: iproute2)\n"
