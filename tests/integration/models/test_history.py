from datetime import datetime, timedelta, timezone

from models.database import Database
from models.queries import history
from tests.factories import NOW
from tests.integration.models.threads import at_once
from tests.rows import a_quote, a_run, claim_batch, finish_batch, make_item, make_partitions, plan, price, rows, single

DAY = timedelta(days=1)
TODAY_AND_NEXT = [f"price_history_202611{day}" for day in (22, 23, 24, 25)]


def partitions(database: Database) -> list[str]:
    query = "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'price_history'::regclass"
    return sorted(row.name for row in rows(database, query))


def drop(database: Database, keep_days: int, at: datetime = NOW) -> list[str]:
    with database.transaction() as session:
        return history.drop_partitions(session, at, keep_days)


def test_partitions_stand_ready_for_today_and_three_days(database: Database) -> None:
    """Asked again, nothing is missing; a day later one is."""
    made = make_partitions(database)
    again = make_partitions(database)
    tomorrow = make_partitions(database, NOW + DAY)

    assert (made, again, tomorrow) == (TODAY_AND_NEXT, [], ["price_history_20261126"])
    assert partitions(database) == [*TODAY_AND_NEXT, "price_history_20261126"]


def test_days_are_those_of_utc(database: Database) -> None:
    """One in the morning in Kyiv is still yesterday."""
    kyiv = timezone(timedelta(hours=2))

    made = make_partitions(database, datetime(2026, 11, 23, 1, tzinfo=kyiv))

    assert made == TODAY_AND_NEXT


def test_many_who_make_partitions_at_once_make_each_once(database: Database) -> None:
    """Every scan asks for them, so they meet at midnight: nobody fails."""
    made = at_once(6, lambda: make_partitions(database))

    assert sorted(made, key=len) == [[], [], [], [], [], TODAY_AND_NEXT]
    assert partitions(database) == TODAY_AND_NEXT


def test_whole_days_beyond_the_retention_are_dropped(database: Database) -> None:
    """Kept is every day that has an hour within the last two days; the prices themselves stay."""
    make_partitions(database, NOW - 3 * DAY)
    make_partitions(database)
    item = make_item(database)
    price(database, {item: a_quote(900, 1000)}, NOW - 3 * DAY)

    dropped = drop(database, 2)

    assert dropped == ["price_history_20261119"]
    assert partitions(database) == ["price_history_20261120", "price_history_20261121", *TODAY_AND_NEXT]
    assert single(database, "SELECT count(*) FROM price_history") == 0
    assert single(database, "SELECT ask FROM prices") == 1000


def test_batches_of_ended_runs_go_after_an_hour_and_the_runs_after_days(database: Database) -> None:
    """A run that has not ended keeps everything, however old."""
    done = a_run(database, at=NOW)
    finish_batch(database, claim_batch(database, done))
    plan(database, NOW)
    later = NOW + 2 * timedelta(hours=1)

    with database.transaction() as session:
        early = history.drop_spent_batches(session, NOW + timedelta(minutes=59))
        batches = history.drop_spent_batches(session, later)
        young = history.drop_old_runs(session, later, 7)
        runs = history.drop_old_runs(session, NOW + 8 * DAY, 7)

    assert (early, batches, young, runs) == (0, 1, 0, 1)
    assert rows(database, "SELECT state FROM scan_runs") == [("running",)]
    assert rows(database, "SELECT state FROM scan_batches") == [("planned",)]
