"""One process of the ingest benchmark: prices batches of the runs it is told of, with the rate budget lifted.

Reads run ids from standard input, one a line, and answers each with a line once no batch of that run waits.
"""

import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from config.settings import load
from dmarket import budget
from models.queries import batches
from tasks import services as services_module
from tasks.prices import price_batch
from tasks.services import Services

THREADS = 4
LIFTED = 5_000  # calls a second: far beyond what can be read, and permits still cost what they cost


def lifted_services(environ: Mapping[str, str]) -> Services:
    """The services of a worker whose account may call as often as it can."""
    budget.OFFICIAL = dict.fromkeys(budget.Group, LIFTED)
    return services_module.build(load(environ, "worker"))


def price_all(work: Services, run_id: int) -> None:
    while True:
        with work.database.transaction() as session:
            batch = batches.claim_batch(session, run_id, work.now())
        if batch is None:
            return
        price_batch(work, batch, monotonic() + 20)


def main() -> None:
    work = lifted_services(os.environ)
    with ThreadPoolExecutor(THREADS) as pool:
        print("ready", flush=True)
        for line in sys.stdin:
            for done in [pool.submit(price_all, work, int(line)) for _ in range(THREADS)]:
                done.result()
            print("done", flush=True)


if __name__ == "__main__":
    main()
