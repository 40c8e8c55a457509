from datetime import timedelta

from domain.conditions import Condition, Part, Trouble
from models.database import Database
from models.queries import conditions
from models.queries.conditions import ALIVE, FORGOTTEN, Standing
from tests.factories import NOW
from tests.rows import a_quote, make_items, make_partitions, price, rows

SECOND = timedelta(seconds=1)
WELL = Condition(Part.OFFERS, NOW)


def failing(since: int = 0) -> Condition:
    return Condition(Part.OFFERS, since=NOW + since * SECOND, reason="offers: HTTP 500", failures=3, degraded=True)


def report(database: Database, process: str, *seen: Condition, after: int = 0) -> None:
    with database.transaction() as session:
        conditions.report(session, process, seen, NOW + after * SECOND)


def standing(database: Database, after: int = 0) -> Standing:
    with database.transaction() as session:
        return conditions.standing(session, NOW + after * SECOND)


def test_nobody_ever_reported(database: Database) -> None:
    """A fresh installation."""
    assert standing(database) == Standing(workers=0, seen_at=None, troubles=())


def test_a_report_replaces_the_former_one(database: Database) -> None:
    """One row a part; a part that is well again keeps neither since nor reason."""
    report(database, "a:1", failing())
    report(database, "a:1", Condition(Part.OFFERS, NOW, failures=1, since=NOW, reason="one accident"), after=5)

    assert standing(database, after=5) == Standing(1, NOW + 5 * SECOND)
    assert rows(database, "SELECT since, reason FROM conditions") == [(None, None)]


def test_what_fails_for_all_is_in_trouble(database: Database) -> None:
    """Two workers that agree, one that had nothing to do with it."""
    report(database, "a:1", failing(10), after=20)
    report(database, "b:1", failing(12), after=20)
    report(database, "c:1", Condition(Part.PRICES, NOW), after=20)

    assert standing(database, after=20) == Standing(3, NOW + 20 * SECOND, (Trouble(Part.OFFERS, NOW + 10 * SECOND),))


def test_a_worker_that_is_cut_off_alone_does_not_speak_for_all(database: Database) -> None:
    """Another one got through since; when that one fails too, or is gone, the trouble is there."""
    report(database, "a:1", failing(-5))
    report(database, "b:1", WELL)
    alone = standing(database)
    report(database, "a:1", failing(-5), after=25)

    assert alone.troubles == ()
    assert standing(database, after=25).troubles == (Trouble(Part.OFFERS, NOW - 5 * SECOND),)


def test_who_reports_no_more_is_not_running(database: Database) -> None:
    """Its last words do not count, its time does."""
    report(database, "a:1", failing())
    seconds = int(ALIVE.total_seconds())

    assert standing(database, after=seconds - 1).workers == 1
    assert standing(database, after=seconds) == Standing(0, NOW)


def test_those_that_ended_are_forgotten_by_those_that_work(database: Database) -> None:
    """So restarts leave no rows behind."""
    report(database, "old:1", WELL)
    report(database, "new:1", WELL, after=int(FORGOTTEN.total_seconds()))

    assert rows(database, "SELECT process FROM conditions") == [("new:1",)]


def test_the_title_to_ask_for_is_the_one_with_most_offers(database: Database) -> None:
    """Among the games that are on; none before any price is known."""
    with database.transaction() as session:
        unknown = conditions.title_on_offer(session, ["csgo"])
    make_partitions(database)
    items = make_items(database, 3)
    others = make_items(database, 1, game="rust")
    price(database, {item: a_quote() for item in [*items.values(), *others.values()]})
    rows(database, "UPDATE prices SET ask_count = 7 WHERE item_id = :item RETURNING 1", item=items["Title 00001"])
    rows(database, "UPDATE prices SET ask_count = 99 WHERE item_id = :item RETURNING 1", item=others["Title 00000"])
    with database.transaction() as session:
        found = [conditions.title_on_offer(session, games) for games in (["csgo"], ["csgo", "rust"], ["tf2"])]

    assert unknown is None
    assert found == [("csgo", "Title 00001"), ("rust", "Title 00000"), None]
