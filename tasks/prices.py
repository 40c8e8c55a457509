"""Pricing one batch of titles and nominating what looks like a deal."""

import time
from collections.abc import Collection, Mapping

from celery import shared_task
from sqlalchemy.orm import Session

from dmarket import endpoints
from dmarket.errors import ExchangeError
from domain.games import GAMES
from domain.quotes import AggregatedPrice
from models.queries import batches, judgings, nominees, prices
from models.queries.batches import Batch
from models.queries.prices import Stored
from tasks.base import Work, ring, senseless
from tasks.insisting import insist
from tasks.nomination import nominate_titles
from tasks.queues import TaskName
from tasks.services import Services, services
from tasks.verify import verify_waiting
from telemetry.logs import logger
from telemetry.metrics import BATCH_SECONDS, PRICES, PRICES_CHANGED

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
    added = price_batch(work, batch, deadline)
    ring(TaskName.VERIFY_ITEM, times=added - 1, expires=nominees.WAIT.total_seconds())
    if added:
        verify_waiting(work)


def price_batch(work: Services, batch: Batch, deadline: float) -> int:
    """Read and store a leased batch; returns how many titles wait for verification anew.

    Gives the batch back and raises ExchangeError where it cannot be read.
    """
    try:
        with BATCH_SECONDS.labels("fetch").time():
            quotes = read_batch(work, batch, deadline)
    except ExchangeError:
        insist(lambda: give_back(work, batch), deadline)
        raise
    with BATCH_SECONDS.labels("store").time():
        return insist(lambda: store_batch(work, batch, quotes), deadline)


def give_back(work: Services, batch: Batch) -> None:
    """Leave a batch for a later try."""
    with work.database.transaction() as session:
        batches.release_batch(session, batch, work.now())


def read_batch(work: Services, batch: Batch, deadline: float) -> dict[str, AggregatedPrice]:
    """The aggregated prices of a batch; Malformed where so few titles came back that the rest cannot be gone.

    The exchange leaves out a title that nobody offers or wants. It does not happen to half of a batch at once.
    """
    quotes = work.exchange.aggregated_prices(GAMES[batch.game], list(batch.titles), deadline=deadline)
    if len(batch.titles) >= TELLING and 2 * len(quotes) < len(batch.titles):
        raise senseless(endpoints.AGGREGATED_PRICES, f"{len(quotes)} of {len(batch.titles)} known titles were answered")
    return quotes


def store_batch(work: Services, batch: Batch, quotes: Mapping[str, AggregatedPrice]) -> int:
    """Everything a batch brought, in one short transaction; returns how many titles wait for verification anew.

    Only what changed is looked at for nomination, and what looked promising the last time; a whole group now and
    then, because fees and rules change too.
    """
    now, game = work.now(), GAMES[batch.game]
    with work.database.transaction() as session:
        former = prices.stored(session, batch.titles)
        read = {title: quotes.get(title) or _empty(title) for title in batch.titles}
        changed = {title for title, quote in read.items() if title not in former or former[title].price != quote}
        whole = judgings.due(session, batch.group_id, now)
        looked_at = batch.titles if whole else {title: batch.titles[title] for title in changed | _promising(former)}
        # before the prices are stored: a fall is seen against the former ask
        nominated, added = nominate_titles(session, work, game, looked_at, read)
        stored = prices.store(
            session, {batch.titles[title]: read[title] for title in changed}, now, promising=nominated
        )
        _mark_unchanged(session, former, {title: looked_at[title] for title in looked_at.keys() - changed}, nominated)
        if batch.group_id is None:
            prices.confirm(session, batch.titles.values(), now)
        if whole:
            judgings.record(session, batch.group_id, now)
        if not batches.finish_batch(session, batch, now, changed=stored, nominated=added):
            session.rollback()
            log.info("batch was taken over by another worker", batch=batch.id)
            return 0
    PRICES.labels(batch.game).inc(len(batch.titles))
    PRICES_CHANGED.labels(batch.game).inc(stored)
    return added


def _empty(title: str) -> AggregatedPrice:
    return AggregatedPrice(title, None, 0, None, 0)


def _promising(former: Mapping[str, Stored]) -> set[str]:
    return {title for title, one in former.items() if one.promising}


def _mark_unchanged(
    session: Session, former: Mapping[str, Stored], titles: Mapping[str, int], nominated: Collection[int]
) -> None:
    for promising in (True, False):
        turned = [
            item_id
            for title, item_id in titles.items()
            if former[title].promising is not promising and (item_id in nominated) is promising
        ]
        prices.mark(session, turned, promising=promising)
