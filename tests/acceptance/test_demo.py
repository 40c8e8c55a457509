"""`python -m sandbox.runner demo`, which is what `make demo` runs, as a person runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(120)
def test_a_short_demo_shows_alerts_and_ends_by_itself(tmp_path: Path) -> None:
    """One summary line with alerts and no error, exit code 0; a real bot's token in the shell is left alone."""
    command = [sys.executable, "-m", "sandbox.runner", "demo", "--data", str(tmp_path / "demo")]
    environ = {**os.environ, "DEMO_SECONDS": "25", "TELEGRAM_BOT_TOKEN": "123456:of-a-real-bot"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    *shown, summary = done.stdout.rstrip().splitlines()
    counted = re.fullmatch(r"demo: scans=(\d+) prices=(\d+) opportunities=(\d+) alerts=(\d+) errors=(\d+)", summary)
    assert counted is not None, done.stdout + done.stderr
    scans, prices, opportunities, alerts, errors = map(int, counted.groups())
    assert (done.returncode, errors) == (0, 0), done.stdout + done.stderr
    assert scans >= 4
    assert prices >= 12_000
    assert opportunities >= alerts > 0
    assert sum("Buy $" in line for line in shown) >= alerts - 1  # the last one may still be on its way to the screen
