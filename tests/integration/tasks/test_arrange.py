from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import tasks.arrange
from domain.games import RUST
from models.queries import leases, sales
from tasks.arrange import LEASE, arrange_game
from tasks.queues import TaskName
from tasks.scan import run_scan
from tasks.services import Services
from tests.factories import a_history
from tests.integration.tasks.conftest import Bells
from tests.rows import a_quote, make_items, make_partitions, price, read_all, rows, single

BEST = """
    SELECT count(*) AS titles, sum(id % 2) AS odd FROM items
    WHERE group_id = (SELECT id FROM item_groups ORDER BY worth DESC LIMIT 1)
"""
NAME = f"{TaskName.ARRANGE_TITLES} rust"


def read_catalogue(work: Services, titles: int) -> list[int]:
    """Ids of titles that have had their first scan; every second one has many offers and bids, the rest few."""
    now = work.now()
    make_partitions(work.database, now)
    ids = list(make_items(work.database, titles, game="rust", at=now).values())
    read_all(work.database, now, game="rust")
    price(work.database, dict.fromkeys(ids, a_quote(900, 1_000)), now)
    rows(work.database, "UPDATE prices SET bid_count = 500, ask_count = 500 WHERE item_id % 2 = 0 RETURNING item_id")
    return ids


def test_lively_titles_are_seated_together(work: Services) -> None:
    """And their group is the one that is worth most; a second look moves nobody."""
    read_catalogue(work, 200)

    tasks.arrange.arrange_titles("rust")
    again = arrange_game(work, RUST, work.now())

    assert rows(work.database, BEST) == [(100, 0)]
    assert again == 0


def test_titles_that_sell_are_worth_more_than_those_that_are_only_offered(work: Services) -> None:
    """Known sales count instead of offers and bids."""
    ids = read_catalogue(work, 200)
    with work.database.transaction() as session:
        for item in ids:
            known = a_history(observed_at=work.now()) if item % 2 else a_history([], observed_at=work.now())
            sales.store(session, item, known, 1_000 if item % 2 else None)

    arrange_game(work, RUST, work.now())

    assert rows(work.database, BEST) == [(100, 100)]


def test_one_worker_arranges_a_game_at_a_time(work: Services) -> None:
    """A second message finds the lease taken, and the lease is given back at the end."""
    read_catalogue(work, 100)
    with work.database.transaction() as session:
        leases.take(session, NAME, work.now(), LEASE)

    tasks.arrange.arrange_titles("rust")
    held = single(work.database, "SELECT arranged_at FROM item_groups")
    with work.database.transaction() as session:
        leases.give_back(session, NAME)
    tasks.arrange.arrange_titles("rust")

    assert held is None
    assert single(work.database, "SELECT arranged_at FROM item_groups") is not None
    assert rows(work.database, "SELECT name FROM leases") == []


def test_a_game_without_titles_is_arranged_at_once(work: Services) -> None:
    """The schedule does not ask whether there is something to do."""
    tasks.arrange.arrange_titles("rust")

    assert rows(work.database, "SELECT name FROM leases") == []


def test_the_scan_after_the_first_one_asks_for_it(work: Services, bells: Bells) -> None:
    """As soon as every title has had a price, and not again once they are arranged."""
    make_items(work.database, 100, game="rust", at=work.now())
    run_scan(work, "rust", None)
    first = bells.rung()[TaskName.ARRANGE_TITLES]
    rows(work.database, "UPDATE item_groups SET observed_at = now() RETURNING id")
    run_scan(work, "rust", None)
    second = bells.rung()[TaskName.ARRANGE_TITLES]
    tasks.arrange.arrange_titles("rust")
    run_scan(work, "rust", None)

    assert (first, second) == (0, 1)
    assert bells.rung()[TaskName.ARRANGE_TITLES] == 1


def test_a_scheduled_scan_rings_over_its_interval(work: Services, bells: Bells) -> None:
    """Each message says when it wants to be read; those for titles without a price are read at once."""
    make_items(work.database, 300, game="rust", at=work.now())
    rows(work.database, "UPDATE item_groups SET observed_at = now() WHERE id <> 1 RETURNING id")
    began = datetime.now(UTC)

    run_scan(work, "rust", None, scheduled=True)

    etas = [one["headers"]["eta"] for one in bells.messages() if one["headers"]["task"] == TaskName.FETCH_PRICES]
    delays = [(datetime.fromisoformat(eta) - began).total_seconds() if eta else 0 for eta in etas]
    assert len(delays) == 3
    assert min(delays) == 0
    assert 10 < max(delays) <= 48.5


def test_a_failed_arrangement_leaves_everything_as_it_was(work: Services) -> None:
    """All moves are one transaction, and the lease is free for the next run."""
    read_catalogue(work, 200)
    before = rows(work.database, "SELECT id, group_id FROM items ORDER BY id")
    with work.database.transaction() as session:
        session.execute(text("ALTER TABLE item_groups ADD CONSTRAINT never CHECK (arranged_at IS NULL)"))

    with pytest.raises(IntegrityError, match="never"):
        tasks.arrange.arrange_titles("rust")

    assert rows(work.database, "SELECT id, group_id FROM items ORDER BY id") == before
    assert rows(work.database, "SELECT name FROM leases") == []
