"""What a process writes once its log is set up, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
TOKEN = "123456789:canary-token"
BEGIN = """
import logging, threading, warnings, sys
from config.settings import load
from telemetry import logs
settings = load({"DATABASE_URL": "postgresql://u:canary-password@h/d", "TELEGRAM_BOT_TOKEN": "%s",
    "REDIS_URL": "redis://h/0", **ENV}, "bot")
logs.setup(settings, "bot")
log = logs.logger("ours")
"""


def written(program: str, **environ: str) -> list[str]:
    """The lines a small program writes to stderr; nothing may go to stdout."""
    code = f"ENV = {environ!r}" + BEGIN % TOKEN + program
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.stdout == ""
    assert "canary" not in done.stderr
    return done.stderr.splitlines()


def events(program: str, **environ: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(program, ENVIRONMENT="production", **environ)]


def test_ours_and_foreign_lines_have_one_form() -> None:
    """Level, logger, time and process are there, whoever spoke; values stay values."""
    ours, theirs = events(
        'log.info("scan planned", game="csgo", batches=3); logging.getLogger("x").warning("a %s", "b")'
    )

    assert (ours["event"], ours["game"], ours["batches"], ours["level"]) == ("scan planned", "csgo", 3, "info")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("a b", "x", "warning")
    assert ours["process"] == theirs["process"] == "bot"
    assert ours["timestamp"].endswith("Z")


def test_line_breaks_in_messages_do_not_make_lines() -> None:
    """Who counts or greps lines gets whole events, in development too."""
    program = r'logging.getLogger("celery").error("Cannot connect.\nTrying again\n")'

    assert events(program)[0]["event"] == "Cannot connect. Trying again"
    assert len(written(program)) == 1


def test_traceback_is_kept_without_its_secrets() -> None:
    """A bug must be found from its stack; the token in its message is hidden."""
    program = f"""
try:
    raise ValueError("POST /bot{TOKEN}/x postgresql://u:canary-password@h canary-password")
except ValueError:
    log.exception("sending broke")
"""

    (event,) = events(program)

    assert event["exception"].splitlines()[-1] == "ValueError: POST /bot***/x postgresql://***@h ***"


def test_last_words_of_a_process_and_of_a_thread_are_events() -> None:
    """Errors nobody handled pass the same way out, so they are JSON and hold no secret."""
    program = f"""
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
raise RuntimeError("{TOKEN}")
"""

    from_thread, from_main = events(program)

    assert from_thread["exception"].endswith("ZeroDivisionError: division by zero")
    assert from_main["exception"].endswith("RuntimeError: ***")
    assert from_main["level"] == "critical"


def test_warnings_of_libraries_are_events() -> None:
    """One form for everything on stderr."""
    (event,) = events('warnings.warn("old", FutureWarning)')

    assert event["level"] == "warning"
    assert "FutureWarning: old" in event["event"]


def test_chatter_of_libraries_is_left_out_at_any_level() -> None:
    """HTTP clients log each request with the token in its address; Celery each message it got."""
    program = """
for name in ("httpx", "urllib3.connectionpool", "kombu", "celery.worker.strategy", "celery.app.trace"):
    logging.getLogger(name).info("chatter")
    logging.getLogger(name).error("trouble")
log.debug("ours")
"""

    said = [(event["logger"], event["event"]) for event in events(program, LOG_LEVEL="DEBUG")]

    assert [event for _, event in said] == ["trouble"] * 5 + ["ours"]


def test_development_log_is_for_reading() -> None:
    """No JSON and no colours without a request for production."""
    (line,) = written('log.info("scan planned", game="csgo")')

    assert "scan planned" in line
    assert "game=csgo" in line
    assert "\x1b" not in line
