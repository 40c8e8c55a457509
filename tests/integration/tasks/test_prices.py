from typing import Any

import pytest
from structlog.testing import capture_logs

import tasks.prices
from domain.quotes import AggregatedPrice
from models.database import Database
from models.queries import batches, catalogue
from models.queries.batches import BATCH_LEASE, Batch
from sandbox.exchange.exchange import Exchange
from tasks.prices import store_batch
from tasks.scan import run_scan
from tasks.services import Services
from tests.integration.tasks.conftest import Bells, asked, strike
from tests.rows import rows, single

PRICES = "SELECT item_id, bid, ask, changed_at, confirmed_at, xmin::text FROM prices ORDER BY item_id"
NOMINEES = "SELECT item_id, score, xmin::text FROM nominees ORDER BY item_id"


def list_titles(work: Services, titles: list[str]) -> None:
    with work.database.transaction() as session:
        catalogue.see_titles(session, "rust", titles, work.now())


@pytest.fixture
def run_id(work: Services, exchange: Exchange) -> int:
    """A run over all titles of the exchange, in three batches."""
    list_titles(work, exchange.market.games["rust"].order)
    planned = run_scan(work, "rust", None)
    assert planned.run_id is not None
    assert planned.batches == 3
    return planned.run_id


def price_everything(run_id: int) -> None:
    for _ in range(3):
        tasks.prices.fetch_prices(run_id)


def stored(database: Database) -> dict[str, tuple[Any, ...]]:
    query = "SELECT title, bid, bid_count, ask, ask_count FROM prices JOIN items ON items.id = item_id"
    return {row.title: tuple(row[1:]) for row in rows(database, query)}


def shown(exchange: Exchange) -> dict[str, tuple[Any, ...]]:
    """What the exchange would answer for each title."""
    quotes = {title: one.quote(include_p2p=False) for title, one in exchange.market.games["rust"].listings.items()}
    return {title: (quote.bid, quote.bids, quote.ask, quote.asks) for title, quote in quotes.items()}


def test_a_scan_stores_the_price_of_every_title(work: Services, exchange: Exchange, run_id: int, bells: Bells) -> None:
    """In one call for each hundred; of what looks like a deal one is verified at once, the others are rung for."""
    price_everything(run_id)

    (run,) = rows(work.database, "SELECT state, prices_observed, prices_changed, nominated FROM scan_runs")
    queued = rows(work.database, "SELECT title FROM nominees JOIN items ON items.id = item_id")
    decided = rows(work.database, "SELECT title FROM verdicts JOIN items ON items.id = item_id")
    planted = {plant.title for plant in exchange.market.plants}
    assert stored(work.database) == shown(exchange)
    assert (run.state, run.prices_observed, run.prices_changed) == ("done", len(shown(exchange)), len(shown(exchange)))
    assert asked(exchange, "aggregated-prices") == 3
    assert planted <= {row.title for row in queued} | {row.title for row in decided}
    assert len(decided) == 3
    assert run.nominated == len(queued) + len(decided) < 80
    assert bells.rung()["tasks.verify_item"] == len(queued)


def test_a_message_too_many_does_nothing(work: Services, exchange: Exchange, run_id: int) -> None:
    """Late, double or about a run that nobody knows: the exchange is not asked."""
    price_everything(run_id)

    tasks.prices.fetch_prices(run_id)
    tasks.prices.fetch_prices(run_id + 1)

    assert asked(exchange, "aggregated-prices") == 3


@pytest.mark.parametrize("kind", ["error500", "html503", "truncate", "reshape", "empty"])
def test_an_outage_changes_no_price_and_recovery_prices_everything(
    work: Services, exchange: Exchange, run_id: int, kind: str
) -> None:
    """The batch waits again, one line is logged, nothing is nominated; afterwards the same run gets through."""
    tasks.prices.fetch_prices(run_id)
    before = rows(work.database, PRICES), rows(work.database, NOMINEES)

    strike(exchange, kind)
    with capture_logs() as logs:
        tasks.prices.fetch_prices(run_id)
    during = rows(work.database, PRICES), rows(work.database, NOMINEES)
    waiting = single(work.database, "SELECT count(*) FROM scan_batches WHERE state = 'planned'")
    strike(exchange, "off")
    price_everything(run_id)

    assert during == before
    assert waiting == 2
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["upstream degraded"]
    assert stored(work.database) == shown(exchange)
    assert single(work.database, "SELECT state FROM scan_runs") == "done"


@pytest.mark.parametrize(("known", "unknown", "believed"), [(49, 51, False), (50, 50, True), (0, 9, True)])
def test_an_answer_to_less_than_half_of_a_batch_is_not_believed(
    work: Services, exchange: Exchange, known: int, unknown: int, believed: bool
) -> None:
    """A few titles may have vanished, not most of them; below ten titles that says nothing."""
    titles = [*exchange.market.games["rust"].order[:known], *(f"Nobody's {number}" for number in range(unknown))]
    list_titles(work, titles)
    planned = run_scan(work, "rust", None)
    assert planned.run_id is not None

    with capture_logs() as logs:
        tasks.prices.fetch_prices(planned.run_id)

    warnings = [line["reason"] for line in logs if line["log_level"] == "warning"]
    assert len(stored(work.database)) == (known + unknown if believed else 0)
    assert warnings == ([] if believed else ["aggregated_prices: 49 of 100 known titles were answered"])
    assert single(work.database, "SELECT state FROM scan_batches") == ("done" if believed else "planned")


def test_a_title_that_vanished_has_empty_sides(work: Services, exchange: Exchange, run_id: int) -> None:
    """Left out by an answer that holds the others: nobody offers or wants it any more."""
    price_everything(run_id)
    gone = exchange.market.plants[0].title
    del exchange.market.games["rust"].listings[gone]
    exchange.market.games["rust"].order.remove(gone)
    rows(work.database, "UPDATE scan_runs SET finished_at = now() RETURNING id")

    again = run_scan(work, "rust", None)
    price_everything(again.run_id or 0)

    assert stored(work.database)[gone] == (None, 0, None, 0)


def test_a_worker_that_was_overtaken_stores_nothing(work: Services, run_id: int, bells: Bells) -> None:
    """Another worker has the batch: its prices, nominees and bells are those that count."""
    with work.database.transaction() as session:
        late = batches.claim_batch(session, run_id, work.now())
    assert late is not None
    with work.database.transaction() as session:
        batches.claim_batch(session, run_id, work.now() + BATCH_LEASE)

    store_batch(work, late, _bargains(late))

    assert stored(work.database) == {}
    assert single(work.database, "SELECT count(*) FROM nominees") == 0
    assert single(work.database, "SELECT batches_left FROM scan_runs") == 3
    assert bells.rung()["tasks.verify_item"] == 0


def _bargains(batch: Batch) -> dict[str, AggregatedPrice]:
    return {title: AggregatedPrice(title, 2000, 1, 1000, 1) for title in batch.titles}


def test_an_opportunity_of_a_vanished_title_is_looked_at_again(work: Services, run_id: int) -> None:
    """Open ones are nominated by every scan, also when the aggregate shows nothing any more."""
    with work.database.transaction() as session:
        batch = batches.claim_batch(session, run_id, work.now())
    assert batch is not None
    item = next(iter(batch.titles.values()))
    _open_opportunity(work, item)

    store_batch(work, batch, {})

    assert rows(work.database, "SELECT item_id, reason, bid, ask FROM nominees") == [(item, "open", None, None)]


def _open_opportunity(work: Services, item: int) -> None:
    rows(
        work.database,
        """
        INSERT INTO opportunities (item_id, variant, state, game, level, exit, offer_id, buy, net, return_bps,
            capacity, cents_per_day, evidence, opened_at, confirmed_at)
        VALUES (:item, '', 'open', 'rust', 'medium', 'instant', 'a', 1000, 100, 1000, 1, 100, '{}', now(), now())
        RETURNING id
        """,
        item=item,
    )


def test_prices_of_a_level_scan_are_confirmed_one_by_one(work: Services, exchange: Exchange, run_id: int) -> None:
    """Its batches are no whole groups, so each row has to say when it was seen."""
    price_everything(run_id)
    before = work.now()

    level = run_scan(work, "rust", "pro")
    for _ in range(level.batches):
        tasks.prices.fetch_prices(level.run_id or 0)

    seen = single(work.database, "SELECT count(*) FROM prices WHERE confirmed_at >= :before", before=before)
    in_band = [quote for quote in shown(exchange).values() if quote[2] and 10_000 <= quote[2] <= 100_000]
    assert seen == len(in_band) > 0


def leased(work: Services, run_id: int) -> Batch:
    with work.database.transaction() as session:
        batch = batches.claim_batch(session, run_id, work.now())
    assert batch is not None
    return batch


def judged_again(work: Services, exchange: Exchange, quotes: dict[str, AggregatedPrice]) -> int:
    """How many titles the next scan's first batch nominates when these aggregates come."""
    for run in rows(work.database, "SELECT id FROM scan_runs WHERE state = 'running'"):
        rows(work.database, "UPDATE scan_runs SET state = 'done' WHERE id = :id RETURNING id", id=run.id)
    rows(work.database, "DELETE FROM nominees RETURNING item_id")
    again = run_scan(work, "rust", None)
    return store_batch(work, leased(work, again.run_id or 0), quotes)[1]


def dull(batch: Batch) -> dict[str, AggregatedPrice]:
    return {title: AggregatedPrice(title, 500, 1, 1000, 1) for title in batch.titles}


def test_an_unchanged_price_is_judged_again_once_the_fees_were_read(
    work: Services, exchange: Exchange, run_id: int
) -> None:
    """What did not change tells nothing new, but a sales price that was not known pays with the next full look."""
    rows(work.database, "UPDATE item_groups SET observed_at = now() WHERE id > 1 RETURNING id")
    first = leased(work, run_id)
    quotes = dull(first)
    store_batch(work, first, quotes)
    for item in first.titles.values():
        insert = (
            "INSERT INTO sales_references (item_id, observed_at, sales, complete, price) "
            "VALUES (:item, now(), '[]', true, 2000) RETURNING item_id"
        )
        rows(work.database, insert, item=item)
    rows(work.database, "UPDATE item_groups SET observed_at = NULL WHERE id = 1 RETURNING id")

    unchanged = judged_again(work, exchange, quotes)
    rows(work.database, "INSERT INTO game_fees VALUES ('rust', 700, 1, now() + interval '1 second') RETURNING game")
    rows(work.database, "UPDATE item_groups SET observed_at = NULL WHERE id = 1 RETURNING id")
    after_fees = judged_again(work, exchange, quotes)

    assert unchanged == 0
    assert after_fees == len(first.titles)


def test_an_unchanged_price_that_was_nominated_is_judged_each_time(
    work: Services, exchange: Exchange, run_id: int
) -> None:
    """Until a look says no: what stands behind an aggregate can change while the aggregate does not."""
    first = leased(work, run_id)
    store_batch(work, first, _bargains(first))
    rows(work.database, "UPDATE item_groups SET observed_at = NULL WHERE id = :id RETURNING id", id=first.group_id)

    again = judged_again(work, exchange, _bargains(first))
    marked = single(work.database, "SELECT count(*) FROM prices WHERE promising")
    rows(work.database, "UPDATE item_groups SET observed_at = NULL WHERE id = :id RETURNING id", id=first.group_id)
    dulled = judged_again(work, exchange, dull(first))

    assert again == marked == len(first.titles)
    assert dulled == 0
    assert single(work.database, "SELECT count(*) FROM prices WHERE promising") == 0
