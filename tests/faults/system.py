"""A whole Skinbeat that can be hurt: every part under a supervisor, gates before the services, clocks to step."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from celery import Celery
from rich.console import Console

from sandbox.runner.console import Screen
from sandbox.runner.stack import ROOT, Stack, Wishes, prepare
from sandbox.servers.broker import start_broker
from sandbox.servers.child import Child
from sandbox.servers.children import ProcessFamily
from sandbox.servers.ports import free_port
from sandbox.servers.postgres import start_postgres
from sandbox.servers.query import rows_of
from tests.faults.evidence import Stall
from tests.faults.plan import Part
from tests.faults.roster import Member
from tests.faults.skew import Clock, Clocks, missing

MARKET = ("--titles", "csgo=1200,rust=400", "--planted-per-game", "6", "--latency-ms", "20")
SETTINGS = {
    "SCAN_INTERVAL_CSGO": "6",
    "SCAN_INTERVAL_RUST": "6",
    "SCAN_INTERVAL_DOTA2": "0",
    "SCAN_INTERVAL_TF2": "0",
    "SALES_MAX_AGE": "60",
    "ALERT_MAX_AGE": "120",
    "WORKER_CONCURRENCY": "8",
}
OURS = ("DATABASE_URL", "CELERY_", "REDIS_", "DMARKET_", "TELEGRAM_", "SCAN_", "HTTP_", "LOG_LEVEL", "WORKER_")
STEPPED = (Part.WORKER, Part.BOT, Part.BROKER)
PROCESSES = {Part.WORKER: "worker", Part.SECOND: "worker", Part.BEAT: "beat", Part.BOT: "bot"}
_environ = threading.Lock()


@dataclass(slots=True)
class System:
    """`members` are under supervision. `exchange` and `telegram` talk to the services themselves, not by the gates."""

    stack: Stack
    data: Path
    members: dict[Part, Member] = field(default_factory=dict)
    clocks: dict[Part, Clock] = field(default_factory=dict)
    ports: dict[Part, int] = field(default_factory=dict)
    stalls: list[Stall] = field(default_factory=list)

    def exchange(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the exchange for what only a sandbox tells. While it answers that, signed calls wait."""
        begin = time.time()
        try:
            return _private(str(self.stack.exchange), path, body)
        finally:
            self.stalls.append(Stall(begin, time.time()))

    def telegram(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return _private(str(self.stack.telegram), path, body)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        """psycopg2.Error while the database is away."""
        return rows_of(self.stack.env["DATABASE_URL"], statement, values, patience=2)

    def number(self, statement: str) -> int:
        """The single number a query gives, 0 for NULL."""
        return int(next(iter(self.rows(statement)[0].values())) or 0)

    def ready(self, part: Part) -> tuple[int, str]:
        """What /ready of one of our processes answers; status 0 where it does not."""
        try:
            answer = requests.get(f"http://127.0.0.1:{self.ports[part]}/ready", timeout=10)
        except requests.RequestException as error:
            return 0, type(error).__name__
        return answer.status_code, answer.text

    def sender(self) -> Celery:
        """Sends tasks by name through the broker, as scripts do."""
        return Celery("chaos", broker=self.stack.env["CELERY_BROKER_URL"], set_as_current=False)

    def spawn(self, part: Part, name: str, port: int) -> Child:
        clock = self.clocks.get(part)
        env = {**self.stack.env, **(clock.environ if clock else {})}
        return replace(self.stack, env=env).spawn(PROCESSES[part], name, port)

    def close(self) -> None:
        for member in self.members.values():
            member.close()


@contextmanager
def system(
    data: Path,
    market: Sequence[str] = MARKET,
    settings: Mapping[str, str] = SETTINGS,
    parts: Sequence[Part] = tuple(PROCESSES),
) -> Iterator[System]:
    """Servers, services and gates up, nothing in them yet; our processes run: those of `parts`.

    `market` are the simulated exchange's command-line options.
    """
    with ExitStack() as stack:
        family = stack.enter_context(ProcessFamily(data))
        plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        wishes = Wishes(everything=True, exchange=tuple(market))
        screen = Screen(Console(quiet=True))
        whole = System(prepare(family, data, {**plain, **settings}, screen, wishes), data)
        stack.callback(whole.close)
        _keep_commits(whole)
        _clocks(whole)
        _servers(whole)
        _gates(whole)
        _processes(whole, parts)
        yield whole


def _keep_commits(whole: System) -> None:
    # The sandbox's quick settings may lose the last commits when the server is killed; a real one does not.
    whole.rows("ALTER DATABASE skinbeat SET synchronous_commit = on")


def _clocks(whole: System) -> None:
    if missing():
        print(f"clocks are not stepped: {missing()}")  # noqa: T201  # whoever runs it must know what was left out
        return
    clocks = Clocks(whole.data / "clocks")
    whole.clocks = {part: clocks.of(part) for part in STEPPED}


def _servers(whole: System) -> None:
    """From now on it is the supervisor who starts them; the broker gets its clock."""
    family = whole.stack.family
    running = {child.name: child for child in family.children if child.running}

    def broker() -> Child:
        clock = whole.clocks.get(Part.BROKER)
        with _environ, _lent(clock.environ if clock else {}):
            return start_broker(whole.data / "broker", family).child

    def postgres() -> Child:
        return start_postgres(whole.data / "postgres", family, durable=False).child

    for part, start in ((Part.BROKER, broker), (Part.POSTGRES, postgres)):
        running[part].stop()
        _add(whole, part, start)


@contextmanager
def _lent(environ: dict[str, str]) -> Iterator[None]:
    """The servers take this process's environment, so that is where the clock must stand for a moment."""
    os.environ.update(environ)
    try:
        yield
    finally:
        for name in environ:
            del os.environ[name]


def _gates(whole: System) -> None:
    stack = whole.stack
    for part, variable in ((Part.EXCHANGE, "DMARKET_API_URL"), (Part.TELEGRAM, "TELEGRAM_API_URL")):
        port, target = free_port(), urlsplit(stack.env[variable]).port
        command = [sys.executable, "-m", "tests.faults.gate", str(port), str(target)]
        name = f"gate of {part}"

        def start(name: str = name, command: list[str] = command) -> Child:
            return stack.family.spawn(name, command, output=stack.logs.sink(name), cwd=ROOT)

        stack.env[variable] = f"http://127.0.0.1:{port}"
        _add(whole, part, start)


def _processes(whole: System, parts: Sequence[Part]) -> None:
    for part in parts:
        port = whole.ports[part] = free_port()

        def start(part: Part = part, port: int = port) -> Child:
            return whole.spawn(part, part, port)

        _add(whole, part, start)


def _add(whole: System, part: Part, start: Callable[[], Child]) -> None:
    whole.members[part] = Member(part, start)
    whole.members[part].open()


def _private(base: str, path: str, body: dict[str, Any] | None) -> Any:
    url = f"{base}/_sandbox/{path}"
    answer = requests.get(url, timeout=60) if body is None else requests.post(url, json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()
