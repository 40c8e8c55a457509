"""The seeded database is one that production's own functions can work on, at today's schema."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.growth_market import GAME
from benchmarks.growth_seed import LIVELY, Size, seed
from models.database import Database
from models.queries import claims, handover, overview, sales, scans
from models.queries.scans import Outcome
from tests.rows import single

NOW = datetime.now(UTC)  # partitions and leases are of today
SMALL = Size(1, 2)


@pytest.fixture
def seeded(database: Database) -> Database:
    seed(database, SMALL, NOW)
    return database


def test_seeded_rows_are_as_many_as_the_size_says(seeded: Database) -> None:
    """Titles, history and open opportunities: what the report tells is what is there."""
    today = datetime.combine(NOW.date(), datetime.min.time(), UTC)

    assert single(seeded, "SELECT count(*) FROM items") == SMALL.titles
    assert single(seeded, "SELECT count(*) FROM opportunities WHERE state = 'open'") == SMALL.opportunities
    assert single(seeded, "SELECT count(*) FROM price_history WHERE item_id <> :item", item=LIVELY) == (
        SMALL.history - 6 * SMALL.days
    )
    assert single(seeded, "SELECT count(*) FROM price_history WHERE observed_at >= :today", today=today) == 0


def test_a_scan_can_be_planned_on_it(seeded: Database) -> None:
    """The past runs are in no later one's way."""
    length = timedelta(minutes=2)
    with seeded.transaction() as session:
        plan = scans.plan(session, GAME, NOW, length=length, due_every=timedelta(seconds=30))

    assert plan.outcome is Outcome.PLANNED
    assert plan.batches == SMALL.titles // 100


def test_readers_find_what_they_look_for(seeded: Database) -> None:
    """An empty answer would be quick whatever its query does."""
    with seeded.transaction() as session:
        best = overview.best(session, 10)
        wanted = sales.most_wanted(session, NOW, NOW - timedelta(hours=1), 60)
        claimed = claims.claim(session, NOW, timedelta(seconds=30), 8)
        late = handover.expire_due(session, NOW)

    assert len(best) == 10
    assert len(wanted) == 60
    assert len(claimed.alerts) == 8
    assert late == 0
