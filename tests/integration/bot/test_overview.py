from datetime import datetime, timedelta
from typing import Any

from models.database import Database
from models.items import ItemGroup
from models.queries import overview
from models.queries.overview import GameOverview
from models.scans import ScanRun
from tests.factories import NOW
from tests.integration.bot.rows import an_opportunity


def ago(seconds: int) -> datetime:
    return NOW - timedelta(seconds=seconds)


def a_run(state: str, planned: int, finished: int | None, game: str = "csgo") -> ScanRun:
    """A scan planned and finished so many seconds ago."""
    values: dict[str, Any] = {"level": None, "scheduled": True, "titles": 1, "batches": 1, "batches_left": 0}
    ends = {"lease_until": NOW, "expires_at": NOW, "finished_at": None if finished is None else ago(finished)}
    return ScanRun(game=game, state=state, planned_at=ago(planned), **values, **ends)


def test_a_game_without_rows_is_empty(database: Database) -> None:
    """A fresh installation."""
    with database.transaction() as session:
        assert overview.game(session, "csgo") == GameOverview()


def test_a_game_is_summed_up(database: Database) -> None:
    """Its own runs, groups and open opportunities; those of others do not count."""
    with database.transaction() as session:
        session.add_all(ItemGroup(game="csgo", size=size, observed_at=ago(size)) for size in (100, 40))
        session.add(ItemGroup(game="rust", size=7, observed_at=NOW))
        session.add_all([a_run("done", 90, 70), a_run("done", 60, 30), a_run("running", 10, None)])
        session.add(a_run("done", 5, 1, game="rust"))
        an_opportunity(session, ago(50))
        an_opportunity(session, ago(50), state="gone")
    with database.transaction() as session:
        found = overview.game(session, "csgo")

    assert found == GameOverview(
        scanned_at=ago(30), expired=False, titles=142, oldest=ago(100), newest=ago(40), opportunities=1
    )


def test_a_scan_that_expired_is_not_a_finished_one(database: Database) -> None:
    """The last complete scan keeps its time, and the later failure is told."""
    with database.transaction() as session:
        session.add_all([a_run("done", 90, 70), a_run("expired", 60, 30)])
    with database.transaction() as session:
        found = overview.game(session, "csgo")

    assert (found.scanned_at, found.expired) == (ago(70), True)


def test_the_best_come_first(database: Database) -> None:
    """By what they earn a day; neither ended nor unreadable ones."""
    with database.transaction() as session:
        for title, earns in [("second", 50), ("first", 90), ("third", 10)]:
            an_opportunity(session, ago(earns), title=title, cents_per_day=earns)
        an_opportunity(session, NOW, cents_per_day=99, state="gone")
    with database.transaction() as session:
        ranked = overview.best(session, 2)
        an_opportunity(session, NOW, cents_per_day=99, evidence={})
        with_unreadable = overview.best(session, 2)

    assert [one.proof.title for one in ranked] == ["first", "second"]
    assert ranked[0].confirmed_at == ago(90)
    assert [one.proof.title for one in with_unreadable] == ["first"]
