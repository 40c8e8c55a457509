"""Network namespaces of Linux, entered by single threads; what a thread starts lives in its namespace too."""

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

CLONE_NEWNET = 0x40000000
OWN = "/proc/thread-self/ns/net"
Result = TypeVar("Result")


def ip(*words: str) -> str:
    """What `ip WORDS…` prints in the namespace of this thread; OSError with what it said where it fails."""
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def _leave() -> None:
    _checked(ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET))


def _enter(descriptor: int) -> None:
    _checked(ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET))


def _checked(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@dataclass(frozen=True, slots=True)
class Namespace:
    """Lives as long as `descriptor` is open or a process is in it; has no name, so none can be left behind."""

    descriptor: int

    def run(self, work: Callable[[], Result]) -> Result:
        """`work` in a thread of its own inside this namespace: its sockets and processes belong there."""

        def inside() -> Result:
            _enter(self.descriptor)
            return work()

        with ThreadPoolExecutor(1) as executor:
            return executor.submit(inside).result()

    def close(self) -> None:
        os.close(self.descriptor)


def make_namespace() -> Namespace:
    """A namespace with nothing but its own loopback; OSError where the machine or its rights do not allow one."""

    def make() -> int:
        _leave()
        ip("link", "set", "lo", "up")
        return os.open(OWN, os.O_RDONLY)

    with ThreadPoolExecutor(1) as executor:
        return Namespace(executor.submit(make).result())


@contextmanager
def fresh_namespace() -> Iterator[None]:
    """This thread, and what it starts, in a fresh namespace; back where it was at the end."""
    with os.fdopen(os.open(OWN, os.O_RDONLY)) as former:
        _leave()
        try:
            ip("link", "set", "lo", "up")
            yield
        finally:
            _enter(former.fileno())
