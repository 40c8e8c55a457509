"""Prices a second from the exchange into Postgres, the rate limit lifted, against a raw COPY of the same rows.

Two processes price batches as workers do (claim, call, parse, compare, nominate, store, count), Celery left out. The
COPY writes the same rows of `prices` and `price_history` into tables with the same columns, keys and constraints,
a page of 100 titles in a transaction as they come from the exchange, through one connection.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from benchmarks.copying import copy_rates
from benchmarks.report import Bar, Report
from models.database import Database
from models.queries import catalogue, history, scans
from sandbox.runner.stack import migrate
from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import start_postgres

TITLES = {False: 34_500, True: 6_000}
SHARES = (1_000, 100, 10)  # thousandths of the titles that change
PROCESSES = 2
ROUNDS = {False: 3, True: 1}

Sweep = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Crew:
    """Both take all titles once, by all processes, and return the seconds: one prices them, one only reads them."""

    sweep: Sweep
    fetch: Sweep


def measure(*, quick: bool) -> Report:
    titles = [f"Title {number:05d} | Name (Field-Tested)" for number in range(TITLES[quick])]
    report = Report("ingest", ("what", "titles/s", "share of COPY by page"))
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as folder, ExitStack() as stack:
        env = stack.enter_context(_servers(Path(folder)))
        listed = Path(folder) / "titles"
        listed.write_text("\n".join(titles), encoding="utf-8")
        url = stack.enter_context(_answers(listed))
        database = Database(env["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://"))
        _list(database, titles)
        crew = stack.enter_context(_workers(database, {**env, "DMARKET_API_URL": url}, listed))
        crew.sweep()
        with database.transaction() as session:
            session.execute(text("ANALYZE"))  # as autovacuum within a minute: plans made for empty tables end
        speeds = {share: len(titles) / _best(url, share, crew.sweep, ROUNDS[quick]) for share in SHARES}
        fetch = len(titles) / min(crew.fetch() for _ in range(ROUNDS[quick]))
        pages, bulk = copy_rates(env["DATABASE_URL"], ROUNDS[quick])
        database.dispose()
    report.rows += [("raw COPY, a transaction for each page", round(pages), 1.0)]
    report.rows += [("raw COPY, one transaction", round(bulk), bulk / pages)]
    report.rows += [
        (f"fetch path, {share / 10:g} % changed", round(fast), fast / pages) for share, fast in speeds.items()
    ]
    report.rows += [("the calls alone, nothing stored", round(fetch), fetch / pages)]
    report.bars += [
        Bar("all changed, share of COPY", speeds[1_000] / pages, least=0.70, slack=10),
        Bar("1 % changed, times all changed", speeds[10] / speeds[1_000], least=5.0, slack=10),
    ]
    return report


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, str]]:
    """Postgres as in production (every commit on disk) and a broker; what our processes are configured with."""
    with ProcessFamily(folder) as family:
        postgres, broker = (
            start_postgres(folder / "postgres", family, durable=True),
            start_broker(folder / "broker", family),
        )
        key = Ed25519PrivateKey.generate()
        env = {
            **os.environ,
            "DATABASE_URL": postgres.url,
            "CELERY_BROKER_URL": broker.url,
            "REDIS_URL": broker.url,
            "LOG_LEVEL": "WARNING",
            "DMARKET_PUBLIC_KEY": key.public_key().public_bytes_raw().hex(),
            "DMARKET_SECRET_KEY": key.private_bytes_raw().hex(),
        }
        migrate(env)
        yield env


@contextmanager
def _answers(listed: Path) -> Iterator[str]:
    """The exchange that answers from memory for the titles in a file; its URL."""
    with _process("benchmarks.answers", str(listed), env=dict(os.environ)) as process:
        yield _said(process, "http://")


@contextmanager
def _workers(database: Database, env: dict[str, str], listed: Path) -> Iterator[Crew]:
    """Processes that price, or read, all titles."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(_process("benchmarks.ingest_worker", str(listed), str(place), str(PROCESSES), env=env))
            for place in range(PROCESSES)
        ]
        for process in processes:
            _said(process, "ready")

        def tell(line: object) -> float:
            began = time.perf_counter()
            for process in processes:
                print(line, file=process.stdin, flush=True)
            for process in processes:
                _said(process, "done")
            return time.perf_counter() - began

        def sweep() -> float:
            with database.transaction() as session:
                run = scans.plan(session, "csgo", datetime.now(UTC), length=timedelta(minutes=5))
            return tell(run.run_id)

        yield Crew(sweep, lambda: tell("fetch"))


@contextmanager
def _process(module: str, *arguments: str, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            yield process
        finally:
            process.kill()


def _said(process: subprocess.Popen[str], begins: str) -> str:
    """Its next line, which is to begin so."""
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line.startswith(begins):
        raise RuntimeError(f"a process of the benchmark said {line!r}, not {begins!r}; its reason is above")
    return line


def _list(database: Database, titles: list[str]) -> None:
    now = datetime.now(UTC)
    with database.transaction() as session:
        history.make_partitions(session, now)
        catalogue.see_titles(session, "csgo", titles, now)


def _best(url: str, permille: int, sweep: Sweep, rounds: int) -> float:
    """The quickest of several sweeps, before each of which that share of the prices moved."""
    seconds = []
    for _ in range(rounds):
        requests.get(f"{url}/change/{permille}", timeout=60).raise_for_status()
        seconds.append(sweep())
    return min(seconds)
