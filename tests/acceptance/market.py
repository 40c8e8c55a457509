"""A whole Skinbeat on simulated services, as a test sees it: what was planted, what a chat got, what rows say."""

import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

from domain.money import usd
from sandbox.runner.stack import Stack
from sandbox.servers.child import Child
from sandbox.servers.query import rows_of

CHAT = 4242
Found = TypeVar("Found")


def eventually(what: str, check: Callable[[], Found], seconds: float = 60.0) -> Found:
    """Wait until `check` gives something true and return it; AssertionError naming `what` when it is not in time."""
    ends = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < ends, f"not within {seconds:g} s: {what}"
        time.sleep(0.1)  # between two looks at the condition, never instead of one
    return found


def nothing_left(what: str, left: Callable[[], Collection[object]], seconds: float = 60.0) -> None:
    """Wait until `left` is empty; AssertionError showing what is still in it when it does not get so in time."""
    ends = time.monotonic() + seconds
    while remaining := left():
        assert time.monotonic() < ends, f"not within {seconds:g} s: {what}: {remaining}"
        time.sleep(0.1)  # between two looks at the condition, never instead of one


@dataclass(slots=True)
class Market:
    """The stack with its processes and one chat that only ever said /start."""

    stack: Stack
    data: Path
    processes: dict[str, Child] = field(default_factory=dict)

    def spawn(self, process: str, name: str | None = None, port: int | None = None) -> None:
        self.processes[name or process] = self.stack.spawn(process, name, port)

    def start(self) -> None:
        for process in ("worker", "beat", "bot"):
            self.spawn(process)
        self.say("/start")

    def say(self, text: str) -> None:
        self.telegram("chats", {"id": CHAT, "type": "private", "first_name": "Test", "language_code": "en"})
        self.telegram(f"chats/{CHAT}/say", {"text": text})

    def telegram(self, path: str, body: dict[str, Any]) -> None:
        requests.post(f"{self.stack.telegram}/_sandbox/{path}", json=body, timeout=30).raise_for_status()

    def exchange(self, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"{self.stack.exchange}/_sandbox/{path}"
        answer = requests.get(url, timeout=30) if body is None else requests.post(url, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def texts(self) -> list[str]:
        """Every message the chat got, oldest first."""
        answer = requests.get(f"{self.stack.telegram}/_sandbox/transcript?since=0", timeout=30)
        return [one["text"] for one in answer.json()["messages"] if one["kind"] == "send" and one["chat_id"] == CHAT]

    def alerted(self) -> Counter[tuple[str, str]]:
        """How often each (title, buy price as shown) was announced."""
        found: Counter[tuple[str, str]] = Counter()
        for text in self.texts():
            lines = text.splitlines()
            prices = [line.split()[1] for line in lines if line.startswith("Buy $")]
            if prices:
                found[(lines[1], prices[0])] += 1
        return found

    def planted(self) -> set[tuple[str, str]]:
        """(title with variant as shown, buy price as shown) of every true opportunity."""
        return {(shown_title(row), usd(row["buyCents"])) for row in self.exchange("truth")["opportunities"]}

    def traps(self) -> set[str]:
        return {row["title"] for row in self.exchange("truth")["traps"]}

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """What the database says; what the statement changes stays."""
        return rows_of(self.stack.env["DATABASE_URL"], statement, values)

    def count(self, statement: str) -> int:
        """The single number a query gives, 0 for NULL."""
        return int(next(iter(self.rows(statement)[0].values())) or 0)

    def run(self, run_id: int) -> dict[str, Any]:
        return next(row for row in self.rows("SELECT * FROM scan_runs") if row["id"] == run_id)

    def server(self, name: str) -> Child:
        """The running embedded server of that name."""
        return next(child for child in self.stack.family.children if child.name == name and child.running)

    def scans_done(self) -> int:
        return self.count("SELECT count(*) FROM scan_runs WHERE state = 'done'")

    def untold(self) -> set[tuple[str, str]]:
        """What was planted and is not announced yet."""
        return self.planted() - set(self.alerted())


def shown_title(row: dict[str, Any]) -> str:
    """A planted row's title as the alert's second line shows it."""
    variant = str(row["variant"]).rpartition("=")[2].replace("-", " ").title()
    return f"{row['title']} · {variant}" if variant else str(row["title"])
