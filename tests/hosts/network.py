"""A small network on this machine: a hub and hosts around one switch, each with its own address and cable."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tests.hosts.namespaces import Namespace, fresh_namespace, ip, make_namespace

SUBNET = "10.203.0"  # private, and only ever seen inside the namespaces
HUB = f"{SUBNET}.1"
SWITCH, NOWHERE = "switch", "nowhere"
SWITCH_MAC = "02:00:00:00:00:01"  # by default it is that of one of the cables, and all hosts lose the hub with that one
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Host:
    """A machine of its own as far as the network goes. `name` is also that of its cable's end at the switch."""

    name: str
    address: str
    namespace: Namespace

    def run(self, work: Callable[[], Result]) -> Result:
        """`work` on this host: the sockets it opens and the processes it starts belong to it."""
        return self.namespace.run(work)

    def unplug(self) -> None:
        """Take its interface down: the host is told at once that there is no way out."""
        self.run(lambda: ip("link", "set", "dev", "eth0", "down"))

    def silence(self) -> None:
        """Lose every packet both ways without a sign: the link stays up, the switch it leads to is dead."""
        ip("link", "set", "dev", self.name, "master", NOWHERE)

    def bring_back(self) -> None:
        """Undo either, and connect it in the first place."""
        self.run(lambda: ip("link", "set", "dev", "eth0", "up"))
        ip("link", "set", "dev", self.name, "master", SWITCH, "up")


def obstacle() -> str:
    """Why this machine cannot have a network of its own; "" where it can."""
    if sys.platform != "linux" or shutil.which("ip") is None:
        return "hosts of our own need Linux and its command ip (Debian: iproute2)"
    try:
        with network("one"):
            return ""
    except OSError as error:
        return f"hosts of our own need the right to make network namespaces and links, that is root: {error}"


@contextmanager
def network(*names: str) -> Iterator[dict[str, Host]]:
    """This thread becomes the hub at address HUB; hosts by name are around it until the end.

    Nothing outside the namespaces changes, and the kernel removes them with their last process and
    descriptor, however that ends. OSError where the machine or its rights do not allow all of it.
    """
    with fresh_namespace(), ExitStack() as stack:
        ip("link", "add", SWITCH, "address", SWITCH_MAC, "type", "bridge")
        ip("link", "add", NOWHERE, "type", "bridge")  # never up: what reaches it is dropped
        ip("address", "add", f"{HUB}/24", "dev", SWITCH)
        ip("link", "set", "dev", SWITCH, "up")
        hosts = {}
        for number, name in enumerate(names, start=11):
            hosts[name] = Host(name, f"{SUBNET}.{number}", make_namespace())
            stack.callback(hosts[name].namespace.close)
            hosts[name].run(partial(_lay_cable, hosts[name]))
            hosts[name].bring_back()
        yield hosts


def _lay_cable(host: Host) -> None:
    hub = str(os.getpid())
    ip("link", "add", "eth0", "type", "veth", "peer", "name", host.name, "netns", hub)
    ip("address", "add", f"{host.address}/24", "dev", "eth0")
