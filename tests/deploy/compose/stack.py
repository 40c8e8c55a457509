"""docker-compose.prod.yml as an operator runs it, with both outside services simulated."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from domain.money import usd
from tests.acceptance.market import eventually, shown_title
from tests.deploy.compose.images import ROOT

FILES = ("docker-compose.prod.yml", "deploy/compose.test.yml")
PROJECT = "skinbeat-test"
CHAT = 4242
UP_SECONDS = 240
OPERATOR = 777


@dataclass(slots=True)
class Stack:
    """The running services. `ports` are those published on the loopback, `environ` what docker is called with."""

    environ: dict[str, str]
    secrets: Path
    ports: Mapping[str, int]
    changes: dict[str, str] = field(default_factory=dict)

    def compose(self, *arguments: str, check: bool = True) -> str:
        """One `docker compose …`; what it printed. AssertionError with everything it said where it fails."""
        files = [part for name in FILES for part in ("-f", name)]
        command = ["docker", "compose", "-p", PROJECT, *files, *arguments]
        told = subprocess.run(
            command, cwd=ROOT, env={**self.environ, **self.changes}, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0 or not check, f"{' '.join(command)}:\n{told.stdout}\n{told.stderr}"
        return told.stdout

    def up(self, *arguments: str) -> None:
        """Bring everything up and wait until it is healthy."""
        self.compose("up", "--detach", "--wait", "--wait-timeout", str(UP_SECONDS), *arguments)

    def containers(self, service: str) -> list[str]:
        """Ids of the running containers of a service."""
        return self.compose("ps", "--quiet", "--status", "running", service).split()

    def inspect(self, container: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.docker("inspect", container))[0]
        return found

    def docker(self, *arguments: str) -> str:
        told = subprocess.run(["docker", *arguments], env=self.environ, capture_output=True, text=True, check=False)
        assert told.returncode == 0, f"docker {' '.join(arguments)}: {told.stderr}"
        return told.stdout

    def said(self, container: str) -> str:
        """Everything that a container wrote."""
        command = ["docker", "logs", container]
        output = subprocess.run(command, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
        return output.stdout.decode()

    def subscribe(self) -> None:
        chat = {"id": CHAT, "type": "private", "first_name": "Test", "language_code": "en"}
        self._post("telegram", "chats", chat)
        self._post("telegram", f"chats/{CHAT}/say", {"text": "/start"})

    def texts(self) -> list[str]:
        url = f"http://127.0.0.1:{self.ports['telegram']}/_sandbox/transcript?since=0"
        messages = requests.get(url, timeout=10).json()["messages"]
        return [one["text"] for one in messages if one["kind"] == "send" and one["chat_id"] == CHAT]

    def planted(self) -> set[tuple[str, str]]:
        """(title, buy price as shown) of every true opportunity on the exchange."""
        url = f"http://127.0.0.1:{self.ports['exchange']}/_sandbox/truth"
        rows = requests.get(url, timeout=10).json()["opportunities"]
        return {(shown_title(row), usd(row["buyCents"])) for row in rows}

    def alerted(self) -> set[tuple[str, str]]:
        """(title, buy price as shown) of every alert that the chat got."""
        found = set()
        for text in self.texts():
            lines = text.splitlines()
            found |= {(lines[1], line.split()[1]) for line in lines if line.startswith("Buy $")}
        return found

    def told_of_a_new_deal(self, seconds: float = 60) -> str:
        """Plant a true opportunity and wait until the chat is told of it; its title."""
        body = {"game": "rust", "kind": "instant", "level": "medium", "unread": True}
        title = str(self._post("exchange", "plant", body)["title"])
        eventually(f"{title} is told", lambda: any(title in text for text in self.texts()), seconds)
        return title

    def targets(self) -> dict[str, int]:
        """How many targets of each job Prometheus reads with success."""
        url = f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/targets"
        active = requests.get(url, timeout=10).json()["data"]["activeTargets"]
        jobs = [one["labels"]["job"] for one in active if one["health"] == "up"]
        return {job: jobs.count(job) for job in jobs}

    def secret(self, name: str) -> str:
        return (self.secrets / name).read_text().strip()

    def _post(self, where: str, path: str, body: dict[str, Any]) -> Any:
        answer = requests.post(f"http://127.0.0.1:{self.ports[where]}/_sandbox/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()
