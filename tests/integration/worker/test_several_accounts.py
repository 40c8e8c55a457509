"""A worker process with two exchange accounts, one of which gets banned while it works."""

import re
from collections.abc import Iterator

import pytest
import requests
from celery import Celery

from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from sandbox.exchange.signatures import key_pair
from sandbox.servers.processes import poll_until
from tests.integration.worker.conftest import Start
from tests.integration.worker.processes import PATIENCE, Running, celery
from tests.integration.worker.test_whole_worker import number

(GOOD, GOOD_SECRET), (BAD, BAD_SECRET) = (key_pair(bytes([number]) * 32) for number in (1, 2))


@pytest.fixture
def market() -> Iterator[Exchange]:
    with serve(Options(titles={"rust": 800}, accounts=(GOOD, BAD), latency_ms=5, tick_seconds=0)) as exchange:
        yield exchange


def usable(worker: Running) -> dict[str, str]:
    """The metric by account."""
    return dict(re.findall(r'skinbeat_account_usable{account="(\w+)"} ([\d.]+)', worker.get("/metrics")[1]))


def test_a_worker_goes_on_with_the_account_that_is_left(
    market: Exchange, start: Start, environ: dict[str, str]
) -> None:
    """Both read the first scan; the ban is one line of log, shows in the metric, and no read fails."""
    keys = {"DMARKET_PUBLIC_KEY": f"{GOOD},{BAD}", "DMARKET_SECRET_KEY": f"{GOOD_SECRET},{BAD_SECRET}"}
    worker = start(celery("worker"), DMARKET_API_URL=market.url, **keys)
    worker.wait_for("ready.")

    with Celery(broker=environ["CELERY_BROKER_URL"], set_as_current=False) as app:
        app.send_task("tasks.refresh_catalogue", kwargs={"game": "rust"}, queue="maintenance")
        done = "SELECT count(*) FROM scan_runs WHERE state = 'done'"
        assert poll_until(lambda: number(environ["DATABASE_URL"], done) > 0, PATIENCE)
        readers, at_first = {row.account for row in list(market.traffic.log)}, usable(worker)
        ban = {"publicKey": BAD, "standing": "banned"}
        requests.post(f"{market.url}/_sandbox/accounts", json=ban, timeout=30).raise_for_status()
        app.send_task("tasks.scan_game", kwargs={"game": "rust"}, queue="scan")
        worker.wait_for(f"account {BAD[:8]} is left out, the next trial is in 30 s: user: .*Banned")
        assert poll_until(lambda: number(environ["DATABASE_URL"], done) > 1, PATIENCE)

    assert readers == {GOOD, BAD}
    assert at_first == {GOOD[:8]: "1.0", BAD[:8]: "1.0"}
    assert usable(worker) == {GOOD[:8]: "1.0", BAD[:8]: "0.0"}
    assert "upstream degraded" not in worker.said
    assert not any(key in worker.said for key in (GOOD, BAD, GOOD_SECRET[:64], BAD_SECRET[:64]))
