"""Who must run: each member is started again when it ends, by a thread of its own, as a supervisor does it."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.servers.child import Child
from sandbox.servers.errors import ServerError

LOOK_SECONDS = 0.05
Start = Callable[[], Child]


@dataclass(slots=True)
class Member:
    """A process that is started by `start` and kept running. `surprises` are ends that nobody planned."""

    name: str
    start: Start
    surprises: list[str] = field(default_factory=list)
    _child: Child | None = None
    _planned: bool = False
    _held: threading.Event = field(default_factory=threading.Event)
    _closing: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Start it and keep watch."""
        self._child = self.start()
        threading.Thread(target=self._watch, name=f"supervisor of {self.name}", daemon=True).start()

    def close(self) -> None:
        """Keep watch no longer; what runs goes on."""
        self._closing.set()
        with self._lock:
            pass

    @property
    def child(self) -> Child:
        if self._child is None:
            raise LookupError(f"{self.name} was never started")
        return self._child

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    @contextmanager
    def down(self, end: Callable[[Child], object]) -> Iterator[None]:
        """End it by `end` and keep it down inside the block; it runs again when the block is left."""
        self._held.set()
        try:
            with self._lock:
                self._planned = True
                end(self.child)
            yield
        finally:
            self._held.clear()
            self._await_running()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """SIGSTOP for it and all its children, SIGCONT when the block is left."""
        pids = [self.child.pid]
        os.kill(pids[0], signal.SIGSTOP)
        pids += children_of(pids[0])
        _signal(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal(pids, signal.SIGCONT)

    def _watch(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            with self._lock:
                if not self._closing.is_set() and not self._held.is_set() and not self.running:
                    self._again()

    def _again(self) -> None:
        if not self._planned:
            self.surprises.append(f"{self.name} ended by itself with exit code {self.child.exit_code}")
        try:
            self._child = self.start()
            self._planned = False
        except ServerError as error:
            self._planned = True  # the end was told, or planned
            self.surprises.append(f"{self.name} did not start: {error}")

    def _await_running(self) -> None:
        ends = time.monotonic() + 60
        while not self.running and time.monotonic() < ends:
            time.sleep(LOOK_SECONDS)  # between two looks at the condition


def children_of(pid: int) -> list[int]:
    listing = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listing.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue  # a child that ended meanwhile
