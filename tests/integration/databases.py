"""A fresh database for each test, made while the test before it runs: making one takes longer than many a test."""

import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Spares:
    """One database ahead, always. `run` executes one statement on the server, outside a transaction."""

    def __init__(self, run: Callable[[str], None], template: str) -> None:
        self._run, self._template = run, template
        self._numbers = itertools.count(1)
        self._executor = ThreadPoolExecutor(1, "databases")
        self._gone: list[Future[None]] = []
        self._next = self._executor.submit(self._make)

    def take(self) -> str:
        """The name of a database that nobody used before; raises what went wrong while it was made."""
        name = self._next.result()
        self._next = self._executor.submit(self._make)
        return name

    def give_back(self, name: str) -> None:
        """Drop it and whoever is still connected to it, without waiting."""
        self._gone.append(self._executor.submit(self._run, f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Wait for what is under way; raises what went wrong in it."""
        self._executor.shutdown()
        for done in (self._next, *self._gone):
            done.result()

    def _make(self) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name
