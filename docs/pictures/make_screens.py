# ruff: noqa: INP001 - a script beside the pictures that it makes, not a package
"""Takes the pictures of Flower in the documents from a simulated market at work: real processes, a real browser.

`python docs/pictures/make_screens.py`, with the project on PYTHONPATH, needs Chromium or Chrome on the PATH. Names of
pictures as arguments take only these.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests
from make_messages import HERE, find_browser, shrink

from sandbox.runner.console import Screen
from sandbox.runner.environment import Ports
from sandbox.runner.stack import ROOT, Stack, Wishes, prepare
from sandbox.servers.children import ProcessFamily

WORKER = "worker@skinbeat"  # instead of this machine's name
MARKET = ("--titles", "csgo=3000,dota2=1500,tf2=600,rust=600", "--planted-per-game", "6")
SIZE = "1400,640"
PATIENCE = 90  # seconds
TASKS = 200  # that have ended before a picture is taken
QUIET = (
    *("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic", "--disable-dev-shm-usage"),
)

PICTURES: Mapping[str, Callable[[str], str]] = {
    "flower_tasks": lambda flower: f"{flower}/tasks",
    "flower_worker": lambda flower: f"{flower}/worker/{WORKER}",
}


@contextmanager
def flower_at_work(folder: Path) -> Iterator[str]:
    """Flower's address with its password, beside a market on which everything is simulated."""
    password, port = secrets.token_hex(16), Ports.free().of["worker"]
    environ = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "PYTHONPATH", "LANG"}}
    with ProcessFamily(folder) as family:
        stack = prepare(family, folder, environ, Screen(), Wishes(everything=True, exchange=MARKET))
        guard = {"FLOWER_BASIC_AUTH": f"operator:{password}"}
        _celery(stack, "flower", "--address=127.0.0.1", f"--port={port}", **guard)
        _until("Flower is up", lambda: requests.get(f"http://127.0.0.1:{port}/healthcheck", timeout=5).ok)
        _celery(stack, "worker", "-n", WORKER, HTTP_PORT=str(stack.ports.of["worker"]))
        stack.spawn("beat")
        api, who = f"http://127.0.0.1:{port}/api/tasks?state=SUCCESS&limit={TASKS}", ("operator", password)
        _until(f"{TASKS} tasks ended", lambda: len(requests.get(api, auth=who, timeout=5).json()) >= TASKS)
        yield f"http://operator:{password}@127.0.0.1:{port}"


def _celery(stack: Stack, command: str, *options: str, **variables: str) -> None:
    argv = [sys.executable, "-m", "celery", "-A", "worker", command, *options]
    env = {**stack.env, "ENVIRONMENT": "production", **variables}
    stack.family.spawn(command, argv, output=stack.logs.sink(command), env=env, cwd=ROOT)


def _until(what: str, done: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            if done():
                return
        except (requests.RequestException, ValueError):  # it starts
            pass
        if time.monotonic() > ends:
            sys.exit(f"Not within {PATIENCE} s: {what}.")
        time.sleep(0.5)  # between two looks at the condition


def take(browser: str, name: str, flower: str, folder: Path) -> None:
    """Screenshot of a page once its tables are filled. Raises subprocess.CalledProcessError where the browser fails."""
    options = [*QUIET, f"--user-data-dir={folder / 'profile'}", f"--window-size={SIZE}", "--virtual-time-budget=8000"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium's own sandbox refuses to be started by root
    picture = HERE / f"{name}.png"
    command = [browser, *options, f"--screenshot={picture}", PICTURES[name](flower)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603  # fixed arguments
    shrink(picture)


def main() -> None:
    browser = find_browser()
    with tempfile.TemporaryDirectory() as folder, flower_at_work(Path(folder) / "market") as flower:
        for name in sys.argv[1:] or PICTURES:
            take(browser, name, flower, Path(folder))


if __name__ == "__main__":
    main()
