import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sandbox.telegram.server import serve
from tests.integration.bot.telegram import PATIENCE, Telegram

ROOT = Path(__file__).parents[3]


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Poll until true; AssertionError with `what` after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
        time.sleep(0.01)


class Bot:
    """`python -m bot` in a process of its own, its log in a file."""

    def __init__(self, program: Sequence[str], environ: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", *program],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"]} | environ,
                stdout=file,
                stderr=file,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_for(self, line: str, times: int = 1) -> None:
        eventually(lambda: self.log.count(line) >= times, f"{line!r} in:\n{self.log}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)


StartBot = Callable[..., Bot]


@pytest.fixture
def telegram(request: pytest.FixtureRequest) -> Iterator[Telegram]:
    """A Telegram of its own for each test; a parameter gives its Options."""
    with serve(getattr(request, "param", None)) as sandbox:
        driving = Telegram(sandbox)
        yield driving
        driving.close()


@pytest.fixture
def start_bot(telegram: Telegram, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[StartBot]:
    """Starts bots against the sandbox and a fresh database; `program` replaces it, other keywords replace variables.

    All end with the test.
    """
    bots: list[Bot] = []

    def start(*, ready: bool = True, program: Sequence[str] = ("-m", "bot"), **variables: str) -> Bot:
        environ = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "TELEGRAM_BOT_TOKEN": telegram.sandbox.token,
            "TELEGRAM_API_URL": telegram.sandbox.url,
            "HTTP_PORT": "0",
        }
        bot = Bot(program, environ | variables, tmp_path / f"bot-{len(bots)}.log")
        bots.append(bot)
        if ready:
            bot.wait_for("ready")
        return bot

    yield start
    for bot in bots:
        if bot.process.poll() is None:
            bot.kill()
