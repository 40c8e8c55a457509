"""Pricing one batch of titles and nominating what looks like a deal."""

from collections.abc import Mapping

from celery import shared_task
from sqlalchemy.orm import Session

from dmarket import endpoints
from dmarket.errors import ExchangeError
from domain.games import GAMES, Game
from domain.nomination import nominate
from domain.quotes import AggregatedPrice
from models.queries import batches, nominees, prices
from models.queries.batches import Batch
from models.queries.nominees import Nominated
from tasks.base import Work, ring, senseless
from tasks.queues import TaskName
from tasks.services import Services, services
from telemetry.logs import logger
from telemetry.metrics import BATCH_SECONDS, NOMINATIONS, PRICES, PRICES_CHANGED

log = logger(__name__)

TELLING = 10  # titles of a batch from which on it tells something how many of them were answered


@shared_task(name=TaskName.FETCH_PRICES.value, base=Work, bind=True)
def fetch_prices(self: Work, run_id: int) -> None:
    """Price whichever batch of the run waits; none waiting is a message too many and does nothing."""
    work = services()
    with work.database.transaction() as session:
        batch = batches.claim_batch(session, run_id, work.now())
    if batch is None:
        return
    try:
        with BATCH_SECONDS.labels("fetch").time():
            quotes = read_batch(work, batch, self.deadline())
    except ExchangeError:
        with work.database.transaction() as session:
            batches.release_batch(session, batch, work.now())
        raise
    with BATCH_SECONDS.labels("store").time():
        store_batch(work, batch, quotes)


def read_batch(work: Services, batch: Batch, deadline: float) -> dict[str, AggregatedPrice]:
    """The aggregated prices of a batch; Malformed where so few titles came back that the rest cannot be gone.

    The exchange leaves out a title that nobody offers or wants. It does not happen to half of a batch at once.
    """
    quotes = work.exchange.aggregated_prices(GAMES[batch.game], list(batch.titles), deadline=deadline)
    if len(batch.titles) >= TELLING and 2 * len(quotes) < len(batch.titles):
        raise senseless(endpoints.AGGREGATED_PRICES, f"{len(quotes)} of {len(batch.titles)} known titles were answered")
    return quotes


def store_batch(work: Services, batch: Batch, quotes: Mapping[str, AggregatedPrice]) -> None:
    """Everything a batch brought, in one short transaction; then ring for what it nominated."""
    now = work.now()
    with work.database.transaction() as session:
        # before the prices are stored: a fall is seen against the former ask
        added = nominate_titles(session, work, GAMES[batch.game], batch.titles, quotes)
        changed = prices.store(
            session,
            {item_id: quotes.get(title) for title, item_id in batch.titles.items()},
            now,
            confirm=batch.group_id is None,
        )
        mine = batches.finish_batch(session, batch, now, changed=changed, nominated=added)
        if not mine:
            session.rollback()
            log.info("batch was taken over by another worker", batch=batch.id)
            return
    PRICES.labels(batch.game).inc(len(batch.titles))
    PRICES_CHANGED.labels(batch.game).inc(changed)
    ring(TaskName.VERIFY_ITEM, times=added, expires=nominees.WAIT.total_seconds())


def nominate_titles(
    session: Session, work: Services, game: Game, titles: Mapping[str, int], quotes: Mapping[str, AggregatedPrice]
) -> int:
    """Queue those of the titles (with their item ids) that deserve verification; how many were not queued before."""
    now = work.now()
    known = nominees.known(session, game, titles, work.sales_since, now)
    chosen: list[Nominated] = []
    for title, item_id in titles.items():
        quote = quotes.get(title) or AggregatedPrice(title, None, 0, None, 0)
        nomination = nominate(quote, known[title], now)
        if nomination:
            NOMINATIONS.labels(game.key, nomination.reason).inc()
            chosen.append(Nominated(item_id, nomination, quote))
    return nominees.add(session, chosen, now)
