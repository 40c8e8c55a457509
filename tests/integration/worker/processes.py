"""Our processes as a test runs them: started with an exact environment, all output in one file."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from sandbox.servers.processes import poll_until

ROOT = Path(__file__).parents[3]
PATIENCE = 60.0  # seconds until something that must come is missing


class Running:
    """`python ARGUMENTS…` from the root of the project, warnings being errors."""

    def __init__(self, arguments: list[str], environ: dict[str, str], log: Path) -> None:
        self._log = log
        self.port = int(environ.get("HTTP_PORT", "0"))
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", *arguments],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **environ},
                stdout=file,
                stderr=file,
            )

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def wait_for(self, pattern: str, seconds: float = PATIENCE) -> None:
        """Until the output contains the regular expression; AssertionError with all of it otherwise."""
        found = poll_until(lambda: bool(re.search(pattern, self.said)) or self.process.poll() is not None, seconds)
        assert found, f"no {pattern!r} within {seconds:g} s in:\n{self.said}"
        assert re.search(pattern, self.said), f"ended with {self.process.returncode}:\n{self.said}"

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; status 0 while nothing listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:  # ours
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until(self, path: str, status: int, seconds: float = PATIENCE) -> None:
        poll_until(lambda: self.get(path)[0] == status or self.process.poll() is not None, seconds)
        assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.said}"
        assert self.get(path)[0] == status, f"{path} is {self.get(path)}, not {status}:\n{self.said}"

    def end(self) -> int:
        """Ask for an orderly end; the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)


def celery(*arguments: str) -> list[str]:
    return ["-m", "celery", "-A", "worker", *arguments]
