"""One process of the ingest benchmark: prices batches of the runs it is told of, with the rate budget lifted.

`python -m benchmarks.ingest_worker TITLES PLACE OF`: a file with one title a line, and which of how many processes
this is. Reads run ids from standard input, one a line, and answers each with a line once no batch of that run waits.
For the line "fetch" it reads its share of all pages and stores nothing.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import monotonic

from benchmarks.answers import PAGE
from config.settings import Settings, load
from dmarket.budget import Budget, Group, connect
from dmarket.client import Exchange
from dmarket.connections import Connections
from dmarket.transport import Transport
from domain.games import GAMES
from models.queries import batches
from tasks.prices import price_batch
from tasks.services import Services, build, credentials_of
from telemetry import logs

THREADS = 4
LIFTED = 5_000  # calls a second: far beyond what can be read, and permits still cost what they cost


def lifted_services(settings: Settings) -> Services:
    """The services of a worker whose account may call as often as it can."""
    keys = credentials_of(settings)[0]
    budget = Budget(connect(settings.redis_url), keys.account, dict.fromkeys(Group, LIFTED))
    transport = Transport(Connections(settings.dmarket_api_url), keys, budget, version="benchmark")
    return replace(build(settings), exchange=Exchange(transport))


def price_all(work: Services, run_id: int) -> None:
    while True:
        with work.database.transaction() as session:
            batch = batches.claim_batch(session, run_id, work.now())
        if batch is None:
            return
        price_batch(work, batch, monotonic() + 20)


def fetch_all(work: Services, pages: list[list[str]]) -> None:
    for page in pages:
        work.exchange.aggregated_prices(GAMES["csgo"], page, deadline=monotonic() + 20)


def main(listed: str, place: str, processes: str) -> None:
    titles = Path(listed).read_text(encoding="utf-8").splitlines()
    pages = [titles[start : start + PAGE] for start in range(0, len(titles), PAGE)][int(place) :: int(processes)]
    settings = load(os.environ, "worker")
    logs.setup(settings, "worker")  # to standard error: standard output is what the benchmark waits for
    work = lifted_services(settings)
    with ThreadPoolExecutor(THREADS) as pool:
        print("ready", flush=True)
        for line in sys.stdin:
            if line.strip() == "fetch":
                working = [pool.submit(fetch_all, work, pages[thread::THREADS]) for thread in range(THREADS)]
            else:
                working = [pool.submit(price_all, work, int(line)) for _ in range(THREADS)]
            for done in working:
                done.result()
            print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
