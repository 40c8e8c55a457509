"""The price's way past the watches: what a batch stored is noted, what it could not read is not."""

import time
from contextlib import suppress

import pytest

import tasks.prices
from dmarket.errors import ExchangeError
from domain.watches import Measure, Rule, Turn
from models.queries import batches, catalogue, watches
from sandbox.exchange.exchange import Exchange
from tasks.scan import run_scan
from tasks.services import Services
from tests.integration.tasks.conftest import strike
from tests.rows import make_chat, rows, single

CHAT = 11
ANYTHING = Rule(Measure.ASK, Turn.ABOVE, 1)


@pytest.fixture
def item(work: Services, exchange: Exchange) -> int:
    """A title on offer that a chat watches for any price, in a run that waits for its prices."""
    game = exchange.market.games["rust"]
    title = next(name for name, one in game.listings.items() if one.quote(include_p2p=False).ask)
    with work.database.transaction() as session:
        catalogue.see_titles(session, "rust", [title], work.now())
    make_chat(work.database, CHAT)
    item_id = int(single(work.database, "SELECT id FROM items"))
    with work.database.transaction() as session:
        watches.add(session, CHAT, item_id, ANYTHING, work.now())
    return item_id


def fetch(work: Services) -> None:
    planned = run_scan(work, "rust", None)
    assert planned.run_id is not None
    tasks.prices.fetch_prices(planned.run_id)


def test_a_stored_price_is_noted_in_the_watch_that_it_meets(work: Services, item: int) -> None:
    """With the moment at which it was read, in the transaction that stored it."""
    fetch(work)

    (watch,) = rows(work.database, "SELECT seen, seen_at FROM watches")
    (price,) = rows(work.database, "SELECT ask, changed_at FROM prices")
    assert tuple(watch) == tuple(price)


@pytest.mark.parametrize("kind", ["error500", "truncate", "empty"])
def test_a_failed_read_is_noted_nowhere(work: Services, exchange: Exchange, item: int, kind: str) -> None:
    """Nothing was learnt: no watch fires, and none that waits for a low price takes it for zero."""
    with work.database.transaction() as session:
        watches.add(session, CHAT, item, Rule(Measure.ASKS, Turn.BELOW, 1), work.now())
    strike(exchange, kind, "aggregated-prices")

    with suppress(ExchangeError):
        fetch(work)

    assert single(work.database, "SELECT count(*) FROM watches WHERE seen IS NOT NULL") == 0


def test_a_batch_that_another_worker_took_over_notes_nothing(work: Services, item: int) -> None:
    """Its prices are not stored either."""
    planned = run_scan(work, "rust", None)
    with work.database.transaction() as session:
        batch = batches.claim_batch(session, planned.run_id or 0, work.now())
    assert batch is not None
    rows(work.database, "UPDATE scan_batches SET attempts = attempts + 1 RETURNING id")

    tasks.prices.price_batch(work, batch, time.monotonic() + 5)

    assert rows(work.database, "SELECT ask FROM prices") == []
    assert single(work.database, "SELECT count(*) FROM watches WHERE seen IS NOT NULL") == 0
