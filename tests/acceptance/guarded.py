"""A whole Skinbeat in which every process has the least rights, every secret is a canary and every call is noted."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import redis
from sqlalchemy.engine import make_url

from migrations.roles import USERS
from sandbox.runner.stack import ROOT
from tests.acceptance.conftest import _plain
from tests.acceptance.market import Market
from tests.integration.dmarket.scripted import Asked, Reply, serving

OPERATIONS = ROOT / "docs/operations.md"
WORKER_PASSWORD, BOT_PASSWORD = "canary+worker/db%1", "canary+bot/db%22"
REDIS_PASSWORD = "canary-redis-6db1c2e0"
REDIS_USERS = ("skinbeat", "skinbeat_bot")
WRONG = "canary-wrong-pass"
RING_KEY, OLD_RING_KEY = (b64encode(bytes(range(first, first + 32))).decode() for first in (100, 150))
RING = f"new:{RING_KEY},old:{OLD_RING_KEY}"
SMALL = ("--titles", "csgo=300,dota2=0,tf2=0,rust=0", "--planted-per-game", "6", "--latency-ms", "5")
GAMES = {"SCAN_INTERVAL_CSGO": "8", **{f"SCAN_INTERVAL_{game}": "0" for game in ("DOTA2", "TF2", "RUST")}}
READ = {  # how a key of each kind is read; the key stands where nothing does
    "list": ("LRANGE", "", 0, -1),
    "zset": ("ZRANGE", "", 0, -1),
    "set": ("SMEMBERS", ""),
    "hash": ("HGETALL", ""),
    "string": ("GET", ""),
}
# Put on the path of each child: notes every address that Python connects to or looks up.
WATCH = """
import os, sys

def note(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        address = arguments[1] if event != "socket.getaddrinfo" else arguments[:2]
        with open(os.environ["WATCH_FILE"], "a") as file:
            file.write(f"{event} {address!r}\\n")

sys.addaudithook(note)
"""


def acl_rules(user: str) -> list[str]:
    """The words behind the user's name in the command that the operations page gives."""
    (command,) = [
        line for line in OPERATIONS.read_text("utf-8").splitlines() if line.startswith(f"ACL SETUSER {user} ")
    ]
    return command.replace(">PASSWORD", f">{REDIS_PASSWORD}").split()[3:]


@dataclass
class Guarded:
    """What is running, and what was said by what has ended."""

    market: Market
    environs: dict[str, dict[str, str]]
    watched: Path
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def secrets(self) -> set[str]:
        """Everything that must be seen nowhere, in each spelling."""
        owner = self.market.stack.env
        urls = (owner["DATABASE_URL"], owner["CELERY_BROKER_URL"])
        plain = {WORKER_PASSWORD, BOT_PASSWORD, REDIS_PASSWORD, WRONG, *(str(urlsplit(url).password) for url in urls)}
        written = {
            str(urlsplit(environ["DATABASE_URL"]).password)
            for environ in self.environs.values()
            if "DATABASE_URL" in environ
        }
        key = owner["DMARKET_SECRET_KEY"]
        token = owner["TELEGRAM_BOT_TOKEN"]
        rings = {RING_KEY, OLD_RING_KEY}
        return {*plain, *written, *rings, *(quote(one, safe="") for one in plain), key, key[:64], token}

    def command(self, name: str, *arguments: str, typed: str = "", **variables: str) -> int:
        """Run `celery -A worker …` as the worker would, `typed` being its stdin; its output is kept."""
        environ = {**self.environs["worker"], "WATCH_FILE": str(self.watched / "commands"), **variables}
        command = [sys.executable, "-m", "celery", "-A", "worker", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environ, input=typed, capture_output=True, text=True, timeout=90, check=False
        )
        self.outputs[name] = done.stdout + done.stderr
        return done.returncode

    def logs(self) -> str:
        """Every line of worker, beat and bot."""
        folder = self.market.stack.logs.folder
        return "\n".join((folder / f"{process}.log").read_text("utf-8") for process in self.environs)

    def pages(self) -> Iterator[tuple[str, str]]:
        """What /health, /ready and /metrics of each process say."""
        for process, port in self.market.stack.ports.of.items():
            for page in ("health", "ready", "metrics"):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=30) as answer:  # ours
                        yield f"{process} {page}", answer.read().decode()
                except urllib.error.HTTPError as error:
                    yield f"{process} {page}", error.read().decode()

    def stored(self) -> Iterator[tuple[str, str]]:
        """All rows of all tables, and all keys of the broker with what they hold."""
        for row in self.market.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            yield f"table {row['tablename']}", repr(self.market.rows(f'TABLE public."{row["tablename"]}"'))
        with redis.Redis.from_url(self.market.stack.env["CELERY_BROKER_URL"]) as client:
            for key in client.scan_iter():
                kind = client.type(key)
                read = READ[kind.decode()]
                yield f"key {key!r}", repr(client.execute_command(*[key if word == "" else word for word in read]))

    def command_lines(self) -> Iterator[tuple[str, str]]:
        """What `ps` shows of our processes and all their children."""
        for child in self.market.stack.family.children:
            if child.running:
                said = subprocess.run(
                    ["ps", "-ww", "-o", "args=", "-p", str(child.pid)], capture_output=True, check=True
                )
                yield f"command line of {child.name}", said.stdout.decode(errors="replace")


def environs_of(env: Mapping[str, str], folder: Path) -> dict[str, dict[str, str]]:
    """The environment of each process: its own database user, the broker user, nothing of the others."""
    users = {variable: user for variable, (user, _) in USERS.items()}
    database = {
        "worker": (users["WORKER_DB_PASSWORD"], WORKER_PASSWORD),
        "bot": (users["BOT_DB_PASSWORD"], BOT_PASSWORD),
    }
    broker = urlsplit(env["CELERY_BROKER_URL"])
    redis_url, bots = (f"redis://{user}:{REDIS_PASSWORD}@{broker.hostname}:{broker.port}/0" for user in REDIS_USERS)
    common = {**_plain(), **GAMES, "LOG_LEVEL": "DEBUG", "PYTHONPATH": str(folder)}
    exchange = {name: env[name] for name in env if name.startswith("DMARKET_")}
    brokers = {"CELERY_BROKER_URL": redis_url, "REDIS_URL": redis_url}
    dead = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"}
    environs = {
        "worker": {**common, **brokers, **exchange, **dead, "ENCRYPTION_KEYS": RING},
        "beat": {**common, "CELERY_BROKER_URL": redis_url, **dead},
        "bot": {**common, "REDIS_URL": bots, **{name: env[name] for name in env if name.startswith("TELEGRAM_")}},
    }
    for process, (user, password) in database.items():
        url = make_url(env["DATABASE_URL"]).set(username=user, password=password)
        environs[process]["DATABASE_URL"] = url.render_as_string(hide_password=False)
    for process, environ in environs.items():
        environ["WATCH_FILE"] = str(folder / f"{process}.addresses")
    return environs


@contextmanager
def echoing() -> Iterator[str]:
    """The URL of an exchange that refuses every call and quotes its headers."""

    def answer(asked: Asked) -> Reply:
        return Reply({"code": "BadRequest", "message": json.dumps(dict(asked.headers))}, status=400)

    with serving() as script:
        script.answer = answer
        yield script.url
