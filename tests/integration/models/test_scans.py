from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import NoResultFound

from models.database import Database
from models.items import FORGOTTEN
from models.queries import scans
from models.queries.scans import RUN_LEASE, Outcome
from tests.factories import NOW
from tests.integration.models.threads import at_once, wait_until_blocked
from tests.rows import (
    LENGTH,
    a_quote,
    a_run,
    claim_batch,
    finish_batch,
    make_items,
    make_partitions,
    plan,
    price,
    rows,
    single,
)

SECOND = timedelta(seconds=1)
EVERY = timedelta(seconds=30)


def expire(database: Database, at: datetime = NOW) -> list[str]:
    with database.transaction() as session:
        return scans.expire_runs(session, at)


def end_run(database: Database, run_id: int) -> None:
    while (batch := claim_batch(database, run_id)) is not None:
        finish_batch(database, batch)


def test_a_scan_covers_every_title_in_batches_of_one_group(database: Database) -> None:
    """250 titles make three groups and so three batches; the run knows their numbers."""
    ids = make_items(database, 250)

    planned = plan(database)

    stored = rows(database, "SELECT item_ids, group_id FROM scan_batches WHERE run_id = :run", run=planned.run_id)
    assert (planned.outcome, planned.batches, planned.expires_at) == (Outcome.PLANNED, 3, NOW + LENGTH)
    assert sorted(item for batch in stored for item in batch.item_ids) == sorted(ids.values())
    assert max(len(batch.item_ids) for batch in stored) == 100
    assert rows(database, "SELECT titles, batches, batches_left, state FROM scan_runs") == [(250, 3, 3, "running")]


def test_a_second_scan_of_the_game_is_refused_while_one_runs(database: Database) -> None:
    """The refusal names the run in the way; another game is not concerned."""
    run_id = a_run(database)
    make_items(database, 1, game="rust")

    again, other = plan(database, NOW + SECOND), plan(database, NOW + SECOND, game="rust")

    assert (again.outcome, again.run_id) == (Outcome.RUNNING, run_id)
    assert other.outcome is Outcome.PLANNED


def test_a_scheduled_scan_that_comes_too_early_is_not_due(database: Database) -> None:
    """Beat may come a little early, not at half time; who asks without a schedule is never too early."""
    end_run(database, a_run(database))

    early = plan(database, NOW + EVERY * 0.5, due_every=EVERY)
    on_time = plan(database, NOW + EVERY * 0.9, due_every=EVERY)

    assert early.outcome is Outcome.NOT_DUE
    assert on_time.outcome is Outcome.PLANNED


def test_a_scan_of_one_level_does_not_put_off_the_scheduled_one(database: Database) -> None:
    """An admin's partial scan prices only a band, so it is no reason to skip the whole game."""
    make_items(database, 1)
    level = plan(database, level="boost")
    assert level.run_id is not None
    end_run(database, level.run_id)

    scheduled = plan(database, NOW + SECOND, due_every=EVERY)

    assert scheduled.outcome is Outcome.PLANNED


def test_a_game_without_titles_gets_no_run(database: Database) -> None:
    """There is nothing to price before the catalogue is read, and no trace stays in the way of the next try."""
    refused = plan(database)

    assert refused.outcome is Outcome.EMPTY
    assert single(database, "SELECT count(*) FROM scan_runs") == 0


def test_a_run_that_died_is_taken_over_when_its_lease_ends(database: Database) -> None:
    """What is left of it is rung for again; the run itself goes on."""
    run_id = a_run(database, 250)
    finish_batch(database, claim_batch(database, run_id))

    before = plan(database, NOW + RUN_LEASE - SECOND)
    after = plan(database, NOW + RUN_LEASE)
    again = plan(database, NOW + RUN_LEASE + SECOND)

    assert before.outcome is Outcome.RUNNING
    assert (after.outcome, after.run_id, after.batches) == (Outcome.TAKEN_OVER, run_id, 2)
    assert again.outcome is Outcome.RUNNING


def test_an_expired_run_makes_room_for_the_next(database: Database) -> None:
    """Its unfinished batches end with it, the finished one stays done."""
    old = a_run(database, 150)
    finish_batch(database, claim_batch(database, old))

    fresh = plan(database, NOW + LENGTH)

    assert fresh.outcome is Outcome.PLANNED
    assert rows(database, "SELECT state, batches_left FROM scan_runs ORDER BY id") == [("expired", 0), ("running", 2)]
    assert rows(database, "SELECT state FROM scan_batches WHERE run_id = :run ORDER BY id", run=old) == [
        ("done",),
        ("expired",),
    ]


def test_many_who_plan_at_once_get_exactly_one_run(database: Database) -> None:
    """Eight beats in eight connections: one plans, seven are told that it runs."""
    make_items(database, 120)

    outcomes = [planned.outcome for planned in at_once(8, lambda: plan(database))]

    assert sorted(outcomes) == [Outcome.PLANNED] + [Outcome.RUNNING] * 7
    assert single(database, "SELECT count(*) FROM scan_runs") == 1
    assert single(database, "SELECT count(*) FROM scan_batches") == 2


def test_who_plans_second_waits_for_the_first_and_is_refused(database: Database) -> None:
    """The unique index decides, also where the first is not committed when the second looks."""
    make_items(database, 1)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            first = scans.plan(session, "csgo", NOW, length=LENGTH)
            waiting = pool.submit(plan, database)
            wait_until_blocked(database)
        second = waiting.result()

    assert (first.outcome, second.outcome) == (Outcome.PLANNED, Outcome.RUNNING)


def test_who_plans_second_takes_the_place_of_a_first_that_failed(database: Database) -> None:
    """A plan that is rolled back leaves nothing behind that refuses the next."""
    make_items(database, 1)

    with ThreadPoolExecutor(1) as pool, database.transaction() as session:
        scans.plan(session, "csgo", NOW, length=LENGTH)
        waiting = pool.submit(plan, database)
        wait_until_blocked(database)
        session.rollback()
        second = waiting.result()

    assert second.outcome is Outcome.PLANNED


def test_a_level_scan_picks_titles_of_its_band_and_those_without_a_price(database: Database) -> None:
    """Bands are half-open: an ask of $3.00 is standard, not boost. A title without asks is in no band."""
    make_partitions(database)
    ids = list(make_items(database, 6).values())
    asks = (49, 50, 299, 300, None)
    price(database, {item: a_quote(10, ask) for item, ask in zip(ids, asks, strict=False)})

    plan(database, level="boost")

    (batch,) = rows(database, "SELECT item_ids, group_id FROM scan_batches")
    assert batch.item_ids == [ids[1], ids[2], ids[5]]
    assert batch.group_id is None


def test_the_highest_level_holds_its_upper_end(database: Database) -> None:
    """$1000.00 is still pro."""
    make_partitions(database)
    ids = list(make_items(database, 2).values())
    price(database, {ids[0]: a_quote(10, 100_000), ids[1]: a_quote(10, 100_001)})

    plan(database, level="pro")

    assert single(database, "SELECT item_ids FROM scan_batches") == [ids[0]]


def test_a_level_scan_has_batches_of_at_most_one_hundred(database: Database) -> None:
    """205 titles that have no price yet."""
    make_items(database, 205)

    plan(database, level="medium")

    sizes = rows(database, "SELECT cardinality(item_ids) FROM scan_batches ORDER BY id")
    assert sizes == [(100,), (100,), (5,)]


def test_titles_that_the_catalogue_forgot_are_left_out(database: Database) -> None:
    """Whether the whole game or a level is scanned."""
    make_items(database, 3, at=NOW - FORGOTTEN, prefix="Gone")
    kept = make_items(database, 2, at=NOW - FORGOTTEN + SECOND, prefix="Kept")

    end_run(database, plan(database).run_id or 0)
    plan(database, level="boost")

    assert rows(database, "SELECT item_ids FROM scan_batches ORDER BY id") == [(sorted(kept.values()),)] * 2


def test_the_groups_that_were_read_longest_ago_come_first(database: Database) -> None:
    """A run that never gets through still prices everything in turn; groups never read are the first."""
    make_items(database, 300)
    groups = [row.id for row in rows(database, "SELECT id FROM item_groups ORDER BY id")]
    for group, minutes in zip(groups, (1, 2, None), strict=True):
        at = NOW - timedelta(minutes=minutes) if minutes else None
        rows(database, "UPDATE item_groups SET observed_at = :at WHERE id = :id RETURNING id", at=at, id=group)

    plan(database)

    planned = rows(database, "SELECT group_id FROM scan_batches ORDER BY id")
    assert [row.group_id for row in planned] == [groups[2], groups[1], groups[0]]


def test_late_runs_are_ended_and_named_once(database: Database) -> None:
    """A run at its time is late, the game is told once; a run within its time goes on."""
    late = a_run(database, game="rust")
    a_run(database, game="csgo", at=NOW + SECOND)

    first, second = expire(database, NOW + LENGTH), expire(database, NOW + LENGTH)

    assert (first, second) == (["rust"], [])
    assert single(database, "SELECT finished_at FROM scan_runs WHERE id = :id", id=late) == NOW + LENGTH


def test_progress_counts_what_the_batches_brought(database: Database) -> None:
    """Titles, changes and nominations add up; an unknown run is an error, not an empty one."""
    run_id = a_run(database, 150)
    finish_batch(database, claim_batch(database, run_id))

    with database.transaction() as session:
        seen = scans.progress(session, run_id)
        with pytest.raises(NoResultFound):
            scans.progress(session, run_id + 1)

    assert seen == scans.Progress("running", 2, 1, observed=100, changed=2, nominated=1)


def test_a_level_without_titles_is_no_empty_catalogue(database: Database) -> None:
    """Every title is priced elsewhere: nothing to scan, nothing to read anew."""
    make_partitions(database)
    price(database, dict.fromkeys(make_items(database, 2).values(), a_quote(ask=5000)))

    assert plan(database, level="boost").outcome is Outcome.NO_TITLES
