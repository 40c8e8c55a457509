"""Scheduled runs: which group a slot becomes, and that no group is read twice at once."""

from datetime import datetime, timedelta

from sqlalchemy import text

from domain.cadence import REST, Cadence
from models.database import Database
from models.items import FORGOTTEN
from models.queries import batches, scans
from models.queries.batches import BATCH_LEASE, Batch
from tests.factories import NOW
from tests.integration.models.threads import at_once
from tests.rows import claim_batch, finish_batch, make_items, plan, rows, single

SECOND = timedelta(seconds=1)
EVERY = timedelta(seconds=30)
AGES = "SELECT id, observed_at FROM item_groups ORDER BY id"


def some_groups(database: Database, *groups: tuple[int, int | None]) -> list[int]:
    """Groups of a hundred titles, each with its worth and its age in seconds (None: never read); their ids."""
    make_items(database, 100 * len(groups))
    ids = [row.id for row in rows(database, AGES)]
    for group, (worth, age) in zip(ids, groups, strict=True):
        at = None if age is None else NOW - age * SECOND
        statement = "UPDATE item_groups SET worth = :worth, observed_at = :at WHERE id = :id RETURNING id"
        rows(database, statement, worth=worth, at=at, id=group)
    return ids


def scheduled(database: Database, at: datetime = NOW, *, odd: bool = False) -> int:
    """The id of a scheduled run; the first of its slots has an `odd` number, or an even one, which goes by age."""
    ids = "SELECT nextval(pg_get_serial_sequence('scan_batches', 'id'))"
    while single(database, ids) % 2 != (0 if odd else 1):
        pass
    run_id = plan(database, at, due_every=EVERY).run_id
    assert run_id is not None
    return run_id


def claimed(database: Database, run_id: int, at: datetime = NOW) -> Batch:
    batch = claim_batch(database, run_id, at)
    assert batch is not None
    return batch


def order(database: Database, run_id: int, count: int) -> list[int | None]:
    return [claimed(database, run_id).group_id for _ in range(count)]


def test_a_slot_has_no_group_until_it_is_claimed(database: Database) -> None:
    """Then it has one with all titles of it, and the run knows how many."""
    (group,) = some_groups(database, (1, 20))
    run_id = scheduled(database)
    planned = rows(database, "SELECT group_id, item_ids FROM scan_batches")

    batch = claimed(database, run_id)

    assert planned == [(None, [])]
    assert (batch.group_id, len(batch.titles)) == (group, 100)
    assert rows(database, "SELECT group_id, cardinality(item_ids) FROM scan_batches") == [(group, 100)]
    assert rows(database, "SELECT titles, batches_left, interval FROM scan_runs") == [(100, 1, 30)]


def test_groups_go_by_worth_times_age(database: Database) -> None:
    """A group worth three times as much is as urgent at a third of the age."""
    cheap_old, dear, dear_fresh, cheap = some_groups(database, (10, 40), (30, 14), (30, 10), (10, 29))

    run_id = scheduled(database, odd=True)

    assert order(database, run_id, 4) == [dear, cheap_old, dear_fresh, cheap]


def test_what_was_never_read_comes_before_everything(database: Database) -> None:
    """The first scan of a catalogue reads each group once."""
    _, first, overdue, second = some_groups(database, (10**6, 29), (1, None), (1, 3_600), (1, None))

    run_id = scheduled(database)

    assert order(database, run_id, 3) == [first, second, overdue]


def test_every_second_slot_serves_what_is_overdue(database: Database) -> None:
    """The oldest first; the other slots still go by value, so that a backlog does not stop everything else."""
    late, later, dear, also_dear = some_groups(database, (1, 60), (1, 61), (10**6, 20), (10**5, 20))

    run_id = scheduled(database)

    assert Cadence(EVERY).overdue == 45 * SECOND
    assert order(database, run_id, 4) == [later, dear, late, also_dear]


def test_a_group_just_read_rests(database: Database) -> None:
    """However much it is worth; when all rest the oldest is read, because a call is never wasted."""
    rest = int(REST / SECOND)
    dear, cheap, resting = some_groups(database, (10**6, rest - 1), (1, rest), (10**6, 0))

    run_id = scheduled(database)

    assert order(database, run_id, 3) == [cheap, dear, resting]


def test_a_dear_group_is_read_again_within_a_run(database: Database) -> None:
    """Once its batch came home and it has rested; the run has as many slots as groups, not one for each."""
    dear, *_ = some_groups(database, (10**6, 20), (1, 20), (1, 20))
    run_id = scheduled(database, odd=True)
    finish_batch(database, claimed(database, run_id))

    too_early, rested = claimed(database, run_id), claimed(database, run_id, NOW + REST)
    finish_batch(database, rested, NOW + REST)
    finish_batch(database, too_early, NOW + REST)

    assert too_early.group_id != dear
    assert rested.group_id == dear
    assert single(database, "SELECT state FROM scan_runs") == "done"


def test_workers_that_claim_at_once_get_different_groups(database: Database) -> None:
    """All want the dearest; each gets one of its own, and nobody waits for another's call."""
    ids = some_groups(database, *[(10**place, 20) for place in range(6)])
    run_id = scheduled(database)

    found = at_once(6, lambda: claim_batch(database, run_id, NOW))

    assert sorted(batch.group_id or 0 for batch in found if batch) == ids


def test_a_lapsed_slot_keeps_its_group(database: Database) -> None:
    """The worker that takes it over asks for the same titles, and the late one finishes nothing."""
    dear, cheap = some_groups(database, (100, 20), (1, 20))
    run_id = scheduled(database, odd=True)
    first = claimed(database, run_id)

    other = claimed(database, run_id, NOW + BATCH_LEASE - SECOND)
    again = claimed(database, run_id, NOW + BATCH_LEASE)

    assert (first.group_id, other.group_id) == (dear, cheap)
    assert (again.id, again.group_id, again.titles, again.attempt) == (first.id, dear, first.titles, 2)
    assert not finish_batch(database, first, NOW + BATCH_LEASE)
    assert finish_batch(database, again, NOW + BATCH_LEASE)


def test_a_released_slot_keeps_its_group(database: Database) -> None:
    """No other slot reads it meanwhile."""
    some_groups(database, (100, 20), (1, 20))
    run_id = scheduled(database, odd=True)
    first = claimed(database, run_id)
    with database.transaction() as session:
        batches.release_batch(session, first, NOW)

    again, other = claimed(database, run_id), claimed(database, run_id)

    assert (again.id, again.group_id) == (first.id, first.group_id)
    assert other.group_id != first.group_id


def test_an_expired_run_gives_its_groups_back(database: Database) -> None:
    """They can be read by the next run at once."""
    (group,) = some_groups(database, (1, 20))
    run_id = scheduled(database)
    claimed(database, run_id)
    (end,) = rows(database, "SELECT expires_at FROM scan_runs")[0]
    with database.transaction() as session:
        scans.expire_runs(session, end)

    batch = claimed(database, scheduled(database, end), end)

    assert batch.group_id == group


def test_a_slot_waits_where_open_batches_have_every_group(database: Database) -> None:
    """It is not lost: the reaper rings for it, and then it finds one."""
    some_groups(database, (1, 20))
    run_id = scheduled(database)
    rows(database, "UPDATE item_groups SET held_until = :at RETURNING id", at=NOW + 9 * SECOND)

    none, late = claim_batch(database, run_id), claim_batch(database, run_id, NOW + 9 * SECOND)

    assert none is None
    assert late is not None


def test_a_group_that_the_catalogue_forgot_is_passed_over_for_good(database: Database) -> None:
    """It costs no call; its titles are not lost."""
    gone, kept = some_groups(database, (10**6, 40), (1, 20))
    rows(
        database,
        "UPDATE items SET last_seen_at = :at WHERE group_id = :id RETURNING id",
        at=NOW - FORGOTTEN,
        id=gone,
    )
    run_id = scheduled(database)

    batch = claimed(database, run_id)

    assert batch.group_id == kept
    assert claim_batch(database, run_id) is None
    assert rows(database, "SELECT id, worth FROM item_groups ORDER BY id") == [(gone, 0), (kept, 1)]


def test_a_group_that_got_other_titles_is_not_as_fresh_as_its_last_batch(database: Database) -> None:
    """Newcomers that joined while the batch was on its way have no price yet."""
    make_items(database, 50)
    run_id = scheduled(database)
    batch = claimed(database, run_id)
    make_items(database, 60)

    finish_batch(database, batch, NOW + SECOND)

    assert rows(database, "SELECT size, observed_at, held_until FROM item_groups") == [(60, None, None)]


def test_slots_are_spread_over_the_interval_and_the_first_scan_is_not(database: Database) -> None:
    """The plan says when to ring; the reaper rings for none before it is due."""
    make_items(database, 300)
    with database.transaction() as session:
        first = scans.plan(session, "csgo", NOW, length=EVERY, due_every=EVERY)
        session.execute(text("UPDATE item_groups SET observed_at = :at"), {"at": NOW})
        scans.expire_runs(session, NOW + EVERY)
        second = scans.plan(session, "csgo", NOW + EVERY, length=EVERY, due_every=EVERY)

    due = rows(database, "SELECT rung_at FROM scan_batches WHERE run_id = :run ORDER BY id", run=second.run_id)
    with database.transaction() as session:
        rung = batches.silent(session, NOW + EVERY + batches.RING_AGAIN + 8 * SECOND)

    assert first.pulses == ((timedelta(), 3),)
    assert [count for _, count in second.pulses] == [1, 1, 1]
    assert [row.rung_at - NOW - EVERY for row in due] == [delay for delay, _ in second.pulses]
    assert rung == [(second.run_id, 1)]


def test_a_manual_scan_reads_every_group_once_whatever_it_is_worth(database: Database) -> None:
    """Who asks for a scan gets all of it."""
    ids = some_groups(database, (10**6, 20), (0, 5), (1, None))
    run_id = plan(database).run_id or 0

    assert order(database, run_id, 3) == [ids[2], ids[0], ids[1]]
