"""Everything that runs: servers, sandbox services where the real ones are not named, and our own processes."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.runner.announced import start_announced
from sandbox.runner.console import Screen
from sandbox.runner.environment import DMARKET, TELEGRAM, Needs, Ports, needs, without
from sandbox.servers.broker import start_broker
from sandbox.servers.child import LineSink
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError
from sandbox.servers.postgres import start_postgres

ROOT = Path(__file__).parents[2]
COMMANDS: dict[str, list[str]] = {
    "worker": ["-m", "celery", "-A", "worker", "worker"],
    "beat": ["-m", "celery", "-A", "worker", "beat"],
    "bot": ["-m", "bot"],
}


@dataclass(frozen=True, slots=True)
class Stack:
    """What runs and how to reach it. `exchange` and `telegram` are set where the sandbox stands in."""

    ports: Ports
    exchange: str | None
    telegram: str | None


class Logs:
    """Each process's lines in a file of its own, and on the screen where they matter."""

    def __init__(self, folder: Path, screen: Screen) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.screen = folder, screen

    def sink(self, name: str) -> LineSink:
        file = (self.folder / f"{name}.log").open("a", encoding="utf-8", buffering=1)

        def take(line: str) -> None:
            file.write(line + "\n")
            self.screen.log(line)

        return take


def start(
    family: ProcessFamily, data: Path, environ: Mapping[str, str], screen: Screen, *, everything: bool, seed: int
) -> Stack:
    """Start what the environment does not name, migrate, then start worker, beat and bot.

    Raises ServerError with one sentence where something does not come up.
    """
    wanted = needs(environ, everything=everything)
    logs = Logs(data / "logs", screen)
    env = dict(environ)
    env.update(_servers(family, data, wanted, durable=not everything))
    exchange = telegram = None
    if wanted.exchange:
        exchange, keys = _exchange(family, logs, seed)
        env = {**without(env, *DMARKET), **keys}
    if wanted.telegram:
        telegram, token = _telegram(family, logs)
        env = {**without(env, *TELEGRAM), **token}
    migrate(env)
    ports = Ports.free()
    for name, arguments in COMMANDS.items():
        own = {**env, "HTTP_PORT": str(ports.of[name]), "ENVIRONMENT": "production", "PYTHONUNBUFFERED": "1"}
        family.spawn(name, [sys.executable, *arguments], output=logs.sink(name), env=own, cwd=ROOT)
    return Stack(ports, exchange, telegram)


def _servers(family: ProcessFamily, data: Path, wanted: Needs, *, durable: bool) -> dict[str, str]:
    env: dict[str, str] = {}
    if wanted.postgres:
        env["DATABASE_URL"] = start_postgres(data / "postgres", family, durable=durable).url
    if wanted.broker:
        env["CELERY_BROKER_URL"] = env["REDIS_URL"] = start_broker(data / "broker", family).url
    return env


def _exchange(family: ProcessFamily, logs: Logs, seed: int) -> tuple[str, dict[str, str]]:
    said = start_announced(family, "exchange", "sandbox.exchange", ["--seed", str(seed)], logs.sink("exchange"))
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
        raise ServerError(f"the database could not be migrated: {done.stderr.strip().splitlines()[-1]}")
