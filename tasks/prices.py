"""Pricing one batch of titles and nominating what looks like a deal."""

import time
from collections.abc import Mapping
from datetime import timedelta

from celery import shared_task

from dmarket import endpoints
from dmarket.errors import ExchangeError
from domain.games import GAMES
from domain.quotes import AggregatedPrice
from models.queries import batches, judgings, nominees, prices, sightings
from models.queries.batches import Batch
from tasks.base import Work, ring, senseless
from tasks.held import held
from tasks.insisting import insist
from tasks.nomination import nominate_titles
from tasks.queues import TaskName
from tasks.services import Services, services
from tasks.verify import verify_waiting
from telemetry.logs import logger
from telemetry.metrics import BATCH_SECONDS, PRICES, PRICES_CHANGED, TASK_RETRIES
from telemetry.story import collecting, telling
from telemetry.traces import span

log = logger(__name__)

READ_SECONDS = 10.0  # for one call with its wait and repetitions; with the patience of writing below a batch's lease
TELLING = 10  # titles of a batch from which on it tells something how many of them were answered


@shared_task(name=TaskName.FETCH_PRICES.value, base=Work, bind=True)
def fetch_prices(self: Work, run_id: int) -> None:
    """Price whichever batch of the run waits; none waiting is a message too many and does nothing.

    What it nominated is verified at once, the first title right here: no message and no free thread is waited for.
    """
    work, deadline = services(), min(self.deadline(), time.monotonic() + READ_SECONDS)
    with work.database.transaction() as session:
        batch = batches.claim_batch(session, run_id, work.now())
    if batch is None:
        return
    if batch.attempt > 1:
        TASK_RETRIES.labels(TaskName.FETCH_PRICES).inc()
    with (
        telling(run=run_id, batch=batch.id),
        span("batch", run=run_id, batch=batch.id, game=batch.game),
        held.hold(lambda: give_back(work, batch, at_once=True)),
    ):
        added = price_batch(work, batch, deadline)
    here = added > 0 and not held.ending.is_set()
    ring(TaskName.VERIFY_ITEM, times=added - here, expires=nominees.WAIT.total_seconds())
    if here:
        verify_waiting(work)


def price_batch(work: Services, batch: Batch, deadline: float) -> int:
    """Read and store a leased batch; returns how many titles wait for verification anew.

    Gives the batch back and raises ExchangeError where it cannot be read.
    """
    with collecting() as requests:
        try:
            with BATCH_SECONDS.labels("fetch").time():
                quotes = read_batch(work, batch, deadline)
        except ExchangeError:
            insist(lambda: give_back(work, batch), deadline)
            raise
    with BATCH_SECONDS.labels("store").time():
        nominated, added = insist(lambda: store_batch(work, batch, quotes), deadline)
    if nominated:
        log.info("nominated", game=batch.game, items=sorted(nominated), requests=requests)
    return added


def give_back(work: Services, batch: Batch, *, at_once: bool = False) -> None:
    """Leave a batch for a later try, after a moment or as soon as the reaper looks."""
    rung_at = work.now() - (batches.RING_AGAIN if at_once else timedelta())
    with work.database.transaction() as session:
        batches.release_batch(session, batch, rung_at)


def read_batch(work: Services, batch: Batch, deadline: float) -> dict[str, AggregatedPrice]:
    """The aggregated prices of a batch; Malformed where so few titles came back that the rest cannot be gone.

    The exchange leaves out a title that nobody offers or wants. It does not happen to half of a batch at once.
    """
    quotes = work.exchange.aggregated_prices(GAMES[batch.game], list(batch.titles), deadline=deadline)
    if len(batch.titles) >= TELLING and 2 * len(quotes) < len(batch.titles):
        raise senseless(endpoints.AGGREGATED_PRICES, f"{len(quotes)} of {len(batch.titles)} known titles were answered")
    return quotes


def store_batch(work: Services, batch: Batch, quotes: Mapping[str, AggregatedPrice]) -> tuple[set[int], int]:
    """Everything a batch brought, in one short transaction.

    Returns the items that were nominated and how many of them wait for verification anew.

    Only what changed is looked at for nomination, and what looked promising the last time; a whole group now and
    then, because fees and rules change too.
    """
    now = work.now()
    by_title = {title: quotes.get(title) or _empty(title) for title in batch.titles}
    read = {item_id: by_title[title] for title, item_id in batch.titles.items()}
    with work.database.transaction() as session:
        look = judgings.look(session, batch.group_id, read, now)
        looked_at = {read[item_id].title: item_id for item_id in look.all}
        # before the prices are stored: a fall is seen against the former ask
        nominated, added = nominate_titles(session, work, GAMES[batch.game], looked_at, by_title)
        stored = prices.store(session, {item_id: read[item_id] for item_id in look.changed}, now, promising=nominated)
        sightings.look(session, look.changed)
        prices.mark(session, look.promising - nominated, promising=False)
        prices.mark(session, look.others & nominated, promising=True)
        if batch.group_id is None:
            prices.confirm(session, read, now)
        if not batches.finish_batch(session, batch, now, changed=stored, nominated=added, judged=look.whole):
            session.rollback()
            log.info("batch was taken over by another worker", batch=batch.id)
            return set(), 0
    PRICES.labels(batch.game).inc(len(batch.titles))
    PRICES_CHANGED.labels(batch.game).inc(stored)
    return nominated, added


def _empty(title: str) -> AggregatedPrice:
    return AggregatedPrice(title, None, 0, None, 0)
