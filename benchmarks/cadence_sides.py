"""A side of the comparison: a database of its own, read and written by the production queries, on the same market."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg2
from sqlalchemy import text

from benchmarks.stage import Stage
from config.settings import load
from dmarket.budget import Priority
from domain.games import CSGO
from domain.liquidity import lowest_price
from domain.quotes import AggregatedPrice
from models.queries import batches, catalogue, fees, history, sales, scans
from sandbox.runner.stack import migrate
from tasks.arrange import arrange_game
from tasks.prices import read_batch, store_batch
from tasks.sales import read_history
from tasks.services import Services, build

CALLERS = 8
CALL_SECONDS = 15.0
AGE = text("SELECT extract(epoch FROM :now - min(observed_at)) FROM item_groups WHERE worth > 0")
Witness = Callable[[str, Mapping[str, AggregatedPrice]], None]


@dataclass(slots=True)
class Side:
    """`adaptive` sweeps as the schedule does, otherwise each sweep prices every group once, evenly over the interval.

    `calls` counts the batches read, `oldest` is the greatest age of a group in seconds, looked at before each call.
    """

    name: str
    adaptive: bool
    interval: int
    work: Services
    witness: Witness = lambda _name, _quotes: None
    calls: int = 0
    oldest: float = 0.0

    def sweep_until(self, ends: float) -> None:
        """Sweep after sweep, one each interval, until `ends` (time.monotonic() seconds)."""
        with ThreadPoolExecutor(CALLERS) as pool:
            begin = time.monotonic()
            while begin < ends:
                for due, run_id in self._planned(begin):
                    _wait_until(due)
                    pool.submit(self._read, run_id)
                begin += self.interval
                _wait_until(begin)

    def _planned(self, begin: float) -> list[tuple[float, int]]:
        """When which call is made; never more than one for each group."""
        length = timedelta(minutes=2)
        every = timedelta(seconds=self.interval) if self.adaptive else None
        with self.work.database.transaction() as session:
            scans.expire_runs(session, self.work.now() + length)  # a call too late belongs to no sweep
            plan = scans.plan(session, CSGO.key, self.work.now(), length=length, due_every=every)
        if plan.run_id is None:
            raise RuntimeError(f"the {self.name} sweep was not planned: {plan.outcome}")
        step = self.interval / plan.batches
        delays = [delay.total_seconds() for delay, count in plan.pulses for _ in range(count)]
        return [(begin + delay, plan.run_id) for delay in delays or [step * place for place in range(plan.batches)]]

    def _read(self, run_id: int) -> None:
        with self.work.database.transaction() as session:
            self.oldest = max(self.oldest, float(session.scalar(AGE, {"now": self.work.now()}) or 0))
            batch = batches.claim_batch(session, run_id, self.work.now())
        if batch is None:
            return
        quotes = read_batch(self.work, batch, time.monotonic() + CALL_SECONDS)
        self.witness(self.name, quotes)
        store_batch(self.work, batch, quotes)
        self.calls += 1

    def arrange(self) -> int:
        """What `tasks.arrange_titles` does; how many titles were moved."""
        return arrange_game(self.work, CSGO, self.work.now())

    def read_sales_until(self, ends: float) -> None:
        """What `tasks.refresh_sales` does, without nominating."""
        while time.monotonic() < ends - 1:
            with self.work.database.transaction() as session:
                wanted = sales.most_wanted(session, self.work.now(), self.work.sales_since, 10)
            for one in wanted:
                deadline = time.monotonic() + CALL_SECONDS
                told = read_history(self.work, CSGO, one.title, None, deadline=deadline, priority=Priority.SWEEP)
                with self.work.database.transaction() as session:
                    sales.store(session, one.item_id, told, lowest_price(told, told.observed_at))
            if not wanted:
                _wait_until(time.monotonic() + 1)

    def learn_catalogue(self) -> None:
        """Titles, fees and partitions, as a fresh installation reads them."""
        deadline, cursor = time.monotonic() + 60, None
        listed = self.work.exchange.fees(CSGO, deadline=deadline)
        while cursor != "":
            page = self.work.exchange.catalogue_page(CSGO, cursor or "", deadline=deadline)
            with self.work.database.transaction() as session:
                catalogue.see_titles(session, CSGO.key, [price.title for price in page.prices], self.work.now())
            cursor = page.next_cursor
        with self.work.database.transaction() as session:
            history.make_partitions(session, self.work.now())
            fees.store(session, CSGO.key, listed, self.work.now())


def _wait_until(due: float) -> None:
    time.sleep(max(due - time.monotonic(), 0))  # the calls' own clock: nothing is waited for


@contextmanager
def open_side(stage: Stage, name: str, interval: int) -> Iterator[Side]:
    """A side with the catalogue in its database."""
    url = stage.stack.env["DATABASE_URL"]
    own = urlsplit(url)._replace(path=f"/{name}").geturl()
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    env = {**stage.stack.env, "DATABASE_URL": own}
    migrate(env)
    side = Side(name, name == "adaptive", interval, build(load(env, "worker")))
    try:
        side.learn_catalogue()
        yield side
    finally:
        side.work.database.dispose()
