"""Whole processes with an environment they cannot use: refused at once, completely, before anything starts."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COMMANDS = {
    "celery -A worker worker": {"DATABASE_URL", "CELERY_BROKER_URL", "DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"},
    "celery -A worker beat": {"CELERY_BROKER_URL"},
    "celery -A worker scan csgo": {"DATABASE_URL", "CELERY_BROKER_URL", "DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"},
    "celery -A worker flower": {"CELERY_BROKER_URL"},
    "python -m bot": {"DATABASE_URL", "TELEGRAM_BOT_TOKEN"},
    "alembic upgrade head": {"DATABASE_URL"},
}
SECONDS = 10.0  # far above the start of an interpreter, far below any wait for a server


def run(command: str, environ: dict[str, str]) -> tuple[subprocess.CompletedProcess[str], float]:
    program, *arguments = command.split()
    began = time.monotonic()
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done, time.monotonic() - began


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.timed
def test_everything_that_is_wrong_is_said_at_once(command: str) -> None:
    """Exit code 2, one line a problem on stderr, no traceback, nothing on stdout, no value quoted."""
    wrong = {"LOG_LEVEL": "canary", "HTTP_PORT": "canary", "DATABASE_URL": "mysql://canary", "SCAN_INTERVAL_X": "1"}

    done, took = run(command, wrong)

    lines = done.stderr.splitlines()
    named = [line.replace(":", " ").split(" ")[0] for line in lines]
    assert done.returncode == 2
    assert done.stdout == ""
    assert set(named) >= COMMANDS[command] | set(wrong)
    assert len(named) == len(set(named))
    assert "canary" not in done.stderr
    assert took < SECONDS


def test_file_with_a_secret_that_is_not_there_is_named() -> None:
    """The way container secrets fail: the mount is missing."""
    done, _ = run("alembic upgrade head", {"DATABASE_URL_FILE": "/nowhere/url"})

    assert done.returncode == 2
    assert done.stderr == "DATABASE_URL_FILE: /nowhere/url cannot be read (No such file or directory)\n"


def test_migration_without_a_server_says_so() -> None:
    """Not a matter of configuration: exit code 1, the variable to look at, no traceback."""
    done, _ = run("alembic upgrade head", {"DATABASE_URL": "postgresql://u:canary@127.0.0.1:1/db"})

    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL: the server does not answer: ")
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr
