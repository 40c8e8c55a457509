import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.servers.children import ProcessFamily

ROOT = Path(__file__).resolve().parents[3]
START_TWO_SERVERS = ("-m", "tests.integration.sandbox_servers.runner")


class Runner:
    """The runner script in a process of its own."""

    def __init__(self, folder: Path, prefix: tuple[str, ...] = ()) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, *START_TWO_SERVERS, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def report(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        ready: dict[str, Any] = json.loads(line)
        return ready

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)


StartRunner = Callable[..., Runner]


@pytest.fixture
def start_runner() -> Iterator[StartRunner]:
    """Starts runner processes and ends them after the test."""
    runners: list[Runner] = []

    def start(folder: Path, prefix: tuple[str, ...] = ()) -> Runner:
        runners.append(Runner(folder, prefix))
        return runners[-1]

    yield start
    for runner in runners:
        runner.end()


@pytest.fixture
def family(tmp_path: Path) -> Iterator[ProcessFamily]:
    with ProcessFamily(tmp_path) as started:
        yield started


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, unlike tmp_path, whose parents are closed."""
    folder = Path(tempfile.mkdtemp(prefix="skinbeat-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
