import time
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

import tasks.catalogue
import tasks.reaper
from domain.games import RUST
from models.queries import catalogue
from models.queries.catalogue import Walk
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.parameters import write_cursor
from tasks.catalogue import LEASE, PAGE_SECONDS, PAUSE, walk_pages
from tasks.services import Services
from tests.integration.tasks.conftest import Bells, asked, strike
from tests.rows import rows, single

PAGES = "aggregated-prices"


@pytest.fixture
def options() -> Options:
    """A catalogue of three pages, each of which takes its time."""
    return Options(titles={"rust": 2100}, latency_ms=250, tick_seconds=0)


def begin(work: Services) -> Walk:
    """The walk as the next worker finds it, once no lease or pause is in the way."""
    with work.database.transaction() as session:
        walk = catalogue.begin_walk(session, "rust", work.now() + LEASE + PAUSE, LEASE)
    assert walk is not None
    return walk


def time_for_one_page() -> float:
    """A deadline that allows a page to be begun now, but none after it."""
    return time.monotonic() + PAGE_SECONDS + 0.2


def plenty() -> float:
    return time.monotonic() + 20


def known(work: Services) -> set[str]:
    return {row.title for row in rows(work.database, "SELECT title FROM items WHERE game = 'rust'")}


def listed(exchange: Exchange) -> set[str]:
    return set(exchange.market.games["rust"].order)


def test_a_walk_finds_every_title_and_asks_for_a_scan(work: Services, exchange: Exchange, bells: Bells) -> None:
    """A thousand titles a page, in groups of at most a hundred."""
    tasks.catalogue.refresh_catalogue("rust")

    assert known(work) == listed(exchange)
    assert asked(exchange, PAGES) == 3
    assert single(work.database, "SELECT titles FROM catalogue_walks") == len(listed(exchange))
    assert single(work.database, "SELECT max(size) FROM item_groups") == 100
    assert bells.rung() == {"tasks.scan_game": 1}


def test_a_walk_that_ran_out_of_time_goes_on_where_it_was(work: Services, exchange: Exchange) -> None:
    """Each page is stored when it is read; none is read twice."""
    first = walk_pages(work, RUST, begin(work), time_for_one_page())
    after_first = len(known(work))
    second = walk_pages(work, RUST, begin(work), plenty())

    assert (first, second) == (False, True)
    assert after_first == 1000
    assert known(work) == listed(exchange)
    assert asked(exchange, PAGES) == 3


def test_only_one_worker_walks(work: Services, exchange: Exchange) -> None:
    """A second message finds the walk taken and asks the exchange nothing."""
    with work.database.transaction() as session:
        catalogue.begin_walk(session, "rust", work.now(), LEASE)

    tasks.catalogue.refresh_catalogue("rust")

    assert asked(exchange, PAGES) == 0


def test_a_resumed_walk_may_find_its_last_page_empty(work: Services, exchange: Exchange) -> None:
    """Titles can leave the market between two pages: that is the end of the walk, not a failure."""
    at_the_end = Walk("rust", write_cursor(len(listed(exchange))), len(listed(exchange)))

    assert walk_pages(work, RUST, at_the_end, plenty())


def test_a_cursor_that_repeats_ends_the_walk_and_loses_no_title(
    work: Services, exchange: Exchange, bells: Bells
) -> None:
    """It does not go round in circles; after a pause a new walk finds everything."""
    strike(exchange, "repeat_cursor")
    with capture_logs() as logs:
        tasks.catalogue.refresh_catalogue("rust")
    calls, found = asked(exchange, PAGES), len(known(work))
    tasks.catalogue.refresh_catalogue("rust")
    paused = asked(exchange, PAGES) == calls

    strike(exchange, "off")
    finished = walk_pages(work, RUST, begin(work), plenty())

    assert calls == 2
    assert found == 1000
    assert paused
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["upstream degraded"]
    assert bells.rung() == {}
    assert finished
    assert known(work) == listed(exchange)


def test_a_walk_goes_on_at_its_page_after_an_outage(work: Services, exchange: Exchange) -> None:
    """What failed in passing says nothing against the cursor."""
    walk_pages(work, RUST, begin(work), time_for_one_page())
    with work.database.transaction() as session:
        catalogue.free_walk(session, "rust")
    strike(exchange, "error500")
    tasks.catalogue.refresh_catalogue("rust")
    strike(exchange, "off")

    walk = begin(work)

    assert (walk.cursor != "", walk.titles) == (True, 1000)
    assert walk_pages(work, RUST, walk, plenty())
    assert known(work) == listed(exchange)


def test_an_empty_catalogue_forgets_no_title(work: Services, exchange: Exchange) -> None:
    """An answer without titles is a failed read."""
    tasks.catalogue.refresh_catalogue("rust")
    before = rows(work.database, "SELECT title, last_seen_at FROM items ORDER BY id")

    strike(exchange, "empty")
    tasks.catalogue.refresh_catalogue("rust")

    assert rows(work.database, "SELECT title, last_seen_at FROM items ORDER BY id") == before


def test_the_reaper_rings_for_a_walk_whose_worker_died(work: Services, bells: Bells) -> None:
    """Once its lease has lapsed."""
    with work.database.transaction() as session:
        catalogue.begin_walk(session, "rust", work.now() - LEASE, LEASE)
        catalogue.begin_walk(session, "tf2", work.now(), timedelta(minutes=1))

    tasks.reaper.reap_work()

    assert bells.rung() == {"tasks.refresh_catalogue": 1}
    assert [message["headers"]["kwargsrepr"] for message in bells.messages()] == ["{'game': 'rust'}"]
