"""A database for each size, filled and measured by a process of its own, then dropped."""

import json
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
from sqlalchemy.engine import make_url

from benchmarks.broker_env import environment
from benchmarks.growth_report import Measured
from benchmarks.growth_seed import Size, seed
from models.database import Database
from sandbox.runner.announced import last_words
from sandbox.runner.stack import ROOT, migrate
from sandbox.servers.errors import ServerError


@dataclass(frozen=True, slots=True)
class Ground:
    """The servers' URLs and a folder for what the measuring processes write."""

    folder: Path
    postgres: str
    broker: str

    def measure(self, size: Size, scans: int) -> Measured:
        name = f"growth_{size.factor}"
        url = make_url(self.postgres).set(database=name).render_as_string(hide_password=False)
        env = {**environment(self.broker, url), "LOG_LEVEL": "ERROR"}
        self._run(f"CREATE DATABASE {name}")
        migrate(env)
        database = Database(url.replace("postgresql://", "postgresql+psycopg2://"))
        seed(database, size, datetime.now(UTC))
        database.dispose()
        found = self._step(env, scans, self.folder / f"{name}.json")
        self._run(f"DROP DATABASE {name} WITH (FORCE)")
        return Measured(size, found["rss_kib"], found["figures"])

    def _run(self, statement: str) -> None:
        with closing(psycopg2.connect(self.postgres)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    def _step(self, env: dict[str, str], scans: int, file: Path) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks.growth_step", str(scans), str(file)]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerError(f"{file.stem} could not be measured: {last_words(done.stderr.splitlines())}")
        return dict(json.loads(file.read_text()))
