"""A worker whose accounts are in the database: they come, are encrypted anew and go while it runs."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.keys import SEED
from models.database import Database
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, ROOT, Running, celery
from tests.integration.worker.stored import AFTER, NEW, OLD, opened, pair
from tests.rows import rows

(FIRST, FIRST_SECRET), (SECOND, SECOND_SECRET) = pair(1), pair(2)
READ = 1.5 * PATIENCE  # the accounts are read anew every 10 s, and a reading waits for that


@pytest.fixture
def market() -> Iterator[Exchange]:
    options = Options(titles={"rust": 200}, accounts=(FIRST, SECOND), latency_ms=0, tick_seconds=0)
    with serve(options) as exchange:
        yield exchange


def usable(worker: Running) -> set[str]:
    """The accounts that the worker's metric shows in use."""
    lines = worker.get("/metrics")[1].splitlines()
    told = [line for line in lines if line.startswith("skinbeat_account_usable{") and line.endswith(" 1.0")]
    return {line.split('"')[1] for line in told}


class Installation:
    def __init__(self, environ: dict[str, str], market: Exchange) -> None:
        self.market = market
        self.environ = {**environ, "DMARKET_PUBLIC_KEY": "", "DMARKET_SECRET_KEY": "", "DMARKET_API_URL": market.url}

    def celery(self, *words: str, ring: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        environ = {"PATH": "/usr/bin:/bin", **self.environ, "ENCRYPTION_KEYS": ring}
        command = [sys.executable, *celery(*words)]
        return subprocess.run(
            command, cwd=ROOT, env=environ, input=typed, capture_output=True, text=True, timeout=60, check=False
        )

    def keys(self, *words: str, ring: str, typed: str = "") -> str:
        done = self.celery("keys", *words, ring=ring, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def scan(self) -> None:
        """Ask for work that calls the exchange: a scan, or the catalogue as long as there is none."""
        self.celery("scan", "rust", ring=NEW)

    def asked_since(self, number: int) -> set[str]:
        """The accounts that called after the first `number` calls."""
        return {row.account for row in list(self.market.traffic.log)[number:] if row.account}

    def calls(self, account: str) -> bool:
        """Whether new work comes to be done with this account."""
        before = len(self.market.traffic.log)

        def seen() -> bool:
            self.scan()
            return account in self.asked_since(before)

        return poll_until(seen, READ)


@pytest.mark.timeout(240)
def test_keys_change_without_a_restart(
    market: Exchange, environ: dict[str, str], start: Start, database: Database
) -> None:
    """A worker that began without any account: it waits, works with the added ones, through a rotation, and without
    one that was removed; no secret is in its log at DEBUG, and nothing failed.
    """
    own = Installation(environ, market)
    worker = start(celery("worker"), **{**own.environ, "ENCRYPTION_KEYS": f"{NEW},{OLD}", "LOG_LEVEL": "DEBUG"})
    worker.wait_for("ready.")
    own.scan()
    worker.wait_for("there is no exchange account")

    own.keys("add", "first", ring=OLD, typed=FIRST_SECRET)
    first_works = own.calls(FIRST)
    own.keys("add", "second", ring=OLD, typed=SECOND_SECRET)
    rotated = own.keys("rotate", ring=f"{NEW},{OLD}")
    both_sealed = opened(database, AFTER)
    own.keys("remove", "first", ring=NEW)

    def second_alone() -> bool:
        own.scan()  # the accounts are read anew in passing, by work that needs one
        return usable(worker) == {SECOND[:8]}

    gone = poll_until(second_alone, READ)
    since = len(market.traffic.log)
    second_works = own.calls(SECOND)

    assert first_works
    assert "2 secrets encrypted anew, with key new" in rotated
    assert both_sealed == {"first": FIRST_SECRET, "second": SECOND_SECRET}
    assert gone
    assert second_works
    assert own.asked_since(since) == {SECOND}
    assert "Traceback" not in worker.said
    hidden = (FIRST_SECRET[:SEED], SECOND_SECRET[:SEED], OLD[4:], NEW[4:])
    assert not [secret for secret in hidden if secret in worker.said]
    assert rows(database, "SELECT 1 FROM scan_runs WHERE state = 'expired'") == []
