"""One contender measured: its sender and its consumer are processes of their own, its broker is already up."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import broker_marks
from benchmarks.broker_contenders import Contender
from benchmarks.broker_env import environment
from benchmarks.figures import percentile
from benchmarks.stage import eventually
from sandbox.servers.child import Child
from sandbox.servers.children import ProcessFamily
from sandbox.servers.data_folder import tail
from sandbox.servers.errors import ServerError

ROOT = Path(__file__).parents[1]
SECONDS = 60.0  # for a backlog or the last of the paced messages to be through


@dataclass(frozen=True, slots=True)
class Outcome:
    """Messages a second out and in, the consumer's processor microseconds for one, milliseconds until a start."""

    published: float
    consumed: float
    cost: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A contender on the broker at `url`, with `backlog` messages that wait for it and `paced` that find it idle."""

    family: ProcessFamily
    folder: Path
    contender: Contender
    url: str

    def measure(self, backlog: int, paced: int) -> Outcome:
        seconds = self.send("backlog", backlog)
        consumer = self._consumer()
        self._await_starts(consumer, backlog)
        waited = broker_marks.read(self._marks)
        sent: list[int] = self.send("paced", paced)
        self._await_starts(consumer, backlog + 1 + paced)
        consumer.kill()  # an orderly end takes some of them ten seconds, and nothing is left to be saved
        late = broker_marks.delays(sent, broker_marks.read(self._marks)[backlog + 1 :])
        return Outcome(
            published=(backlog - 1) / seconds,
            consumed=broker_marks.rate(waited),
            cost=broker_marks.cost(waited),
            p50=percentile(late, 50),
            p99=percentile(late, 99),
        )

    def send(self, way: str, times: int) -> Any:
        """Let a process of its own send; what benchmarks.broker_sender tells about it."""
        command = [sys.executable, "-m", "benchmarks.broker_sender", self.contender.module, way, str(times)]
        done = subprocess.run(command, env=self._env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerError(f"{self.contender.label} could not send: {done.stderr.strip().splitlines()[-1]}")
        return json.loads(done.stdout)

    @property
    def _marks(self) -> Path:
        return self.folder / f"{self.contender.label}.marks"

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.contender.label}.log"

    @property
    def _env(self) -> dict[str, str]:
        own = {"BENCH_BROKER_URL": self.url, "BENCH_MARKS": str(self._marks), **self.contender.env}
        return {**environment(self.url), **own}

    def _consumer(self) -> Child:
        command = [sys.executable, "-m", *self.contender.consumer]
        return self.family.spawn(self.contender.label, command, output=self._log, env=self._env, cwd=ROOT)

    def _await_starts(self, consumer: Child, wanted: int) -> None:
        def through() -> bool:
            if not consumer.running:
                raise ServerError(f"{self.contender.label}: the consumer ended: {tail(self._log)}")
            return broker_marks.count(self._marks) >= wanted

        eventually(f"{wanted} starts of {self.contender.label}", through, SECONDS)
