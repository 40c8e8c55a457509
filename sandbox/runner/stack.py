"""Everything that runs: servers, sandbox services where the real ones are not named, and our own processes."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.runner.announced import last_words, start_announced
from sandbox.runner.console import Screen
from sandbox.runner.environment import DMARKET, TELEGRAM, Needs, Ports, needs, without
from sandbox.servers.broker import start_broker
from sandbox.servers.child import Child, LineSink
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError
from sandbox.servers.lock import LOCK_FILE
from sandbox.servers.postgres import start_postgres

ROOT = Path(__file__).parents[2]
COMMANDS: dict[str, list[str]] = {
    "worker": ["-m", "celery", "-A", "worker", "worker"],
    "beat": ["-m", "celery", "-A", "worker", "beat"],
    "bot": ["-m", "bot"],
}


class Logs:
    """Each process's lines in a file of its own, and on the screen where they matter."""

    def __init__(self, folder: Path, screen: Screen) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.screen = folder, screen

    def sink(self, name: str) -> LineSink:
        path = self.folder / f"{name}.log"

        def take(line: str) -> None:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            self.screen.log(line)

        return take


@dataclass(frozen=True, slots=True)
class Stack:
    """What runs and how to reach it. `exchange` and `telegram` are set where the sandbox stands in."""

    family: ProcessFamily
    logs: Logs
    env: dict[str, str]
    ports: Ports
    exchange: str | None
    telegram: str | None

    def spawn(self, process: str, name: str | None = None, port: int | None = None) -> Child:
        """Start worker, beat or bot; another `name` and `port` make a second one beside the first."""
        own = {
            "HTTP_HOST": "127.0.0.1",
            "HTTP_PORT": str(port or self.ports.of[process]),
            "ENVIRONMENT": "production",
            "PYTHONUNBUFFERED": "1",
        }
        return self.family.spawn(
            name or process,
            [sys.executable, *COMMANDS[process]],
            output=self.logs.sink(name or process),
            env={**without(self.env, *own), **own},
            cwd=ROOT,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a run is put together. `everything` is simulated in the demo; `exchange` are its command-line options.

    `host` is the address that servers and exchange listen on; Telegram and /ready stay on 127.0.0.1.
    """

    everything: bool
    exchange: tuple[str, ...] = ()
    host: str = "127.0.0.1"


def prepare(family: ProcessFamily, data: Path, environ: Mapping[str, str], screen: Screen, wishes: Wishes) -> Stack:
    """Start what the environment does not name and migrate; worker, beat and bot are left to be spawned.

    Raises ServerError with one sentence where something does not come up.
    """
    wanted = needs(environ, everything=wishes.everything)
    logs = Logs(data / "logs", screen)
    servers = _servers(family, data, wanted, wishes)
    env = {**without(environ, *servers), **servers}
    exchange = telegram = None
    if wanted.exchange:
        exchange, keys = _exchange(family, logs, ("--host", wishes.host, *wishes.exchange))
        env = {**without(env, *DMARKET), **keys}
    if wanted.telegram:
        telegram, token = _telegram(family, logs)
        env = {**without(env, *TELEGRAM), **token}
    migrate(env)
    return Stack(family, logs, env, Ports.free(), exchange, telegram)


def forget(data: Path) -> None:
    """Empty the folder of a run. Only whoever holds its lock may: the file stays, and so does a run of others."""
    for entry in data.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != LOCK_FILE:
            entry.unlink()


def _servers(family: ProcessFamily, data: Path, wanted: Needs, wishes: Wishes) -> dict[str, str]:
    env: dict[str, str] = {}
    if wanted.postgres:
        durable = not wishes.everything
        env["DATABASE_URL"] = start_postgres(data / "postgres", family, durable=durable, host=wishes.host).url
    if wanted.broker:
        env["CELERY_BROKER_URL"] = env["REDIS_URL"] = start_broker(data / "broker", family, host=wishes.host).url
    return env


def _exchange(family: ProcessFamily, logs: Logs, options: Sequence[str]) -> tuple[str, dict[str, str]]:
    said = start_announced(family, "exchange", "sandbox.exchange", options, logs.sink("exchange"))
    keys = {"DMARKET_PUBLIC_KEY": said["public_key"], "DMARKET_SECRET_KEY": said["secret_key"]}
    return said["url"], {"DMARKET_API_URL": said["url"], **keys}


def _telegram(family: ProcessFamily, logs: Logs) -> tuple[str, dict[str, str]]:
    said = start_announced(family, "telegram", "sandbox.telegram", [], logs.sink("telegram"))
    return said["url"], {"TELEGRAM_API_URL": said["url"], "TELEGRAM_BOT_TOKEN": said["token"]}


def migrate(env: Mapping[str, str]) -> None:
    """Bring the database to today's schema; ServerError with what the migration said where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        env=dict(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerError(f"the database could not be migrated: {last_words(done.stderr.splitlines())}")
