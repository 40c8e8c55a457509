import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

import tasks.fees
import tasks.history
import tasks.reaper
import tasks.sales
from dmarket.errors import Malformed
from domain.games import RUST
from domain.quotes import Sale, SalesHistory, SaleSide
from models.queries import fees, leases, nominees, sales
from models.queries.batches import RING_AGAIN
from models.queries.sales import Wanted
from sandbox.exchange.exchange import Exchange
from tasks.queues import TaskName
from tasks.sales import LEASE, MOST_FAILED, read_all
from tasks.services import Services
from tests.integration.tasks.conftest import Bells, asked, strike
from tests.rows import a_quote, make_item, make_items, make_partitions, nominate, plan, price, rows, single

HOUR = timedelta(hours=1)


def plenty() -> float:
    return time.monotonic() + 15


def wanted(work: Services, title: str) -> Wanted:
    return Wanted(make_item(work.database, title, game="rust", at=work.now()), "rust", title)


def vanished(work: Services, title: str) -> Wanted:
    """A title whose sales were known an hour ago and that the exchange knows nothing of now."""
    one = wanted(work, title)
    known = Sale(1000, work.now() - HOUR, SaleSide.OFFER)
    with work.database.transaction() as session:
        sales.store(session, one.item_id, SalesHistory((known,), work.now() - HOUR), 1000)
    return one


def test_a_fee_list_is_read_whole(work: Services, exchange: Exchange) -> None:
    """The game's default and every reduced row."""
    tasks.fees.refresh_fees("rust")

    table = exchange.market.games["rust"].fees
    stored = rows(work.database, "SELECT title, bps FROM reduced_fees WHERE game = 'rust'")
    assert single(work.database, "SELECT bps FROM game_fees WHERE game = 'rust'") == table.default_bps
    assert {row.title: row.bps for row in stored} == {title: row.bps for title, row in table.reduced.items()}
    assert len(stored) > 10


@pytest.mark.parametrize("kind", ["error500", "truncate", "reshape"])
def test_a_fee_list_that_cannot_be_read_leaves_the_old_one(work: Services, exchange: Exchange, kind: str) -> None:
    """With its age, so that it stops being believed one day."""
    tasks.fees.refresh_fees("rust")
    with work.database.transaction() as session:
        before = fees.observed_at(session, "rust")
    count = single(work.database, "SELECT count(*) FROM reduced_fees")
    strike(exchange, kind)

    with capture_logs() as logs:
        tasks.fees.refresh_fees("rust")

    assert [line["event"] for line in logs if line["log_level"] != "debug"] == ["upstream degraded"]
    assert single(work.database, "SELECT observed_at FROM game_fees") == before
    assert single(work.database, "SELECT count(*) FROM reduced_fees") == count > 0


def test_the_most_wanted_sales_are_read(work: Services, exchange: Exchange) -> None:
    """They are stored with the careful price, and then wanted no more."""
    make_partitions(work.database, work.now())
    plant = exchange.market.plants[0]
    one = wanted(work, plant.title)
    price(work.database, {one.item_id: a_quote(950, 1000)}, work.now())

    tasks.sales.refresh_sales()
    tasks.sales.refresh_sales()

    with work.database.transaction() as session:
        history = sales.load(session, one.item_id)
        known = nominees.known(session, RUST, {plant.title: one.item_id}, work.sales_since, work.now())[plant.title]
    assert history is not None
    assert len(history.sales) >= 12
    assert known.sales_known
    assert known.sales_price is not None
    assert asked(exchange, "last-sales") == 1


def test_sales_that_make_an_ask_look_cheap_nominate_at_once(work: Services, exchange: Exchange, bells: Bells) -> None:
    """The title does not wait for the next scan; one whose sales say nothing new is left alone."""
    make_partitions(work.database, work.now())
    plant = next(one for one in exchange.market.plants if one.exit == "patient")
    cheap, dear = wanted(work, plant.title), wanted(work, exchange.market.plants[0].title)
    price(work.database, {cheap.item_id: a_quote(plant.buy // 2, plant.buy)}, work.now())
    price(work.database, {dear.item_id: a_quote(50_000, 90_000)}, work.now())

    tasks.sales.refresh_sales()

    waiting = rows(work.database, "SELECT item_id, reason, ask FROM nominees")
    assert waiting == [(cheap.item_id, "patient", plant.buy)]
    assert bells.rung()[TaskName.VERIFY_ITEM] == 1


def test_sales_are_read_by_one_worker_at_a_time(work: Services, exchange: Exchange) -> None:
    """A second message finds the lease taken; it is given back at the end, also after a failure."""
    make_partitions(work.database, work.now())
    one = wanted(work, exchange.market.plants[0].title)
    price(work.database, {one.item_id: a_quote(950, 1000)}, work.now())
    with work.database.transaction() as session:
        leases.take(session, TaskName.REFRESH_SALES, work.now(), LEASE)

    tasks.sales.refresh_sales()
    refused = asked(exchange, "last-sales")
    rows(work.database, "DELETE FROM leases RETURNING name")
    strike(exchange, "error500")
    tasks.sales.refresh_sales()

    assert refused == 0
    assert asked(exchange, "last-sales") > 0
    assert rows(work.database, "SELECT name FROM leases") == []


def test_a_title_whose_sales_cannot_be_read_holds_up_no_other(work: Services, exchange: Exchange) -> None:
    """It would be the most wanted for ever. Its former sales stay; the others are read."""
    bad, good = vanished(work, "Nobody's"), wanted(work, exchange.market.plants[0].title)

    with capture_logs() as logs:
        read_all(work, [bad, good], plenty())

    stored = rows(work.database, "SELECT item_id, jsonb_array_length(sales) AS sales FROM sales_references")
    assert [line["event"] for line in logs if line["log_level"] != "debug"] == ["sales not read"]
    assert {row.item_id: row.sales >= 12 for row in stored} == {bad.item_id: False, good.item_id: True}


def test_several_failures_in_a_row_end_the_reading(work: Services, exchange: Exchange) -> None:
    """Then it is the exchange: the scarce calls are kept for when it answers."""
    titles = [vanished(work, f"Nobody's {number}") for number in range(MOST_FAILED + 2)]

    with pytest.raises(Malformed, match="no sale although 1 were known"):
        read_all(work, titles, plenty())

    assert asked(exchange, "last-sales") == MOST_FAILED


def test_reading_sales_ends_with_its_time(work: Services, exchange: Exchange) -> None:
    """Nothing is begun in the last second."""
    read_all(work, [wanted(work, exchange.market.plants[0].title)], time.monotonic() + 0.5)

    assert asked(exchange, "last-sales") == 0


def test_the_reaper_rings_for_work_that_was_left_behind(work: Services, bells: Bells) -> None:
    """Three batches and a nominee whose messages were lost; a run past its time is ended instead."""
    past = work.now() - RING_AGAIN
    make_items(work.database, 210, game="rust", at=past)
    item = make_item(work.database, game="tf2", at=past)
    plan(work.database, past, game="rust")
    plan(work.database, work.now() - HOUR, game="tf2")
    nominate(work.database, item, past)

    tasks.reaper.reap_work()
    tasks.reaper.reap_work()

    assert bells.rung() == {"tasks.fetch_prices": 3, "tasks.verify_item": 1}
    assert rows(work.database, "SELECT game, state FROM scan_runs ORDER BY game") == [
        ("rust", "running"),
        ("tf2", "expired"),
    ]


def test_maintenance_prepares_the_next_days_and_forgets_the_past(work: Services) -> None:
    """Partitions ahead, none beyond the retention, no ended run older than a week."""
    now = work.now()
    make_partitions(work.database, now - timedelta(days=work.settings.history_days + 10))
    make_items(work.database, 1, at=now - timedelta(days=8))
    rows(
        work.database,
        """
        INSERT INTO scan_runs (game, scheduled, state, planned_at, lease_until, expires_at, finished_at,
            titles, batches, batches_left)
        VALUES ('csgo', true, 'done', :at, :at, :at, :at, 1, 1, 0) RETURNING id
        """,
        at=now - timedelta(days=8),
    )

    tasks.history.maintain_history()

    names = rows(work.database, "SELECT inhrelid::regclass::text AS name FROM pg_inherits ORDER BY 1")
    days = [f"price_history_{now + timedelta(days=ahead):%Y%m%d}" for ahead in range(4)]
    assert [row.name for row in names if "history" in row.name and "pkey" not in row.name] == days
    assert single(work.database, "SELECT count(*) FROM scan_runs") == 0
