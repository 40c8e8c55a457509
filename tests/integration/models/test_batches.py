from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import text

from models.database import Database
from models.queries import batches, scans
from models.queries.batches import BATCH_LEASE, RING_AGAIN, Batch
from models.queries.scans import RUN_LEASE
from tests.factories import NOW
from tests.integration.models.threads import at_once, wait_until_blocked
from tests.rows import LENGTH, a_run, claim_batch, finish_batch, make_items, plan, rows, single

SECOND = timedelta(seconds=1)


def claimed(database: Database, run_id: int, at: datetime = NOW) -> Batch:
    batch = claim_batch(database, run_id, at)
    assert batch is not None
    return batch


def ring(database: Database, at: datetime) -> list[tuple[int, int]]:
    with database.transaction() as session:
        return batches.silent(session, at)


def state_of(database: Database, run_id: int) -> tuple[object, ...]:
    (row,) = rows(
        database,
        "SELECT state, batches_left, prices_observed, prices_changed, nominated FROM scan_runs WHERE id = :id",
        id=run_id,
    )
    return tuple(row)


def test_a_batch_says_what_to_ask_for(database: Database) -> None:
    """Its titles with their ids, its game and its group."""
    ids = make_items(database, 2, game="rust")
    run_id = plan(database, game="rust").run_id
    assert run_id is not None

    batch = claimed(database, run_id)

    group = single(database, "SELECT id FROM item_groups")
    assert (batch.titles, batch.game, batch.group_id, batch.attempt) == (ids, "rust", group, 1)


def test_workers_that_claim_at_once_get_different_batches(database: Database) -> None:
    """Six claims for four batches: four get one each, two get none."""
    run_id = a_run(database, 400)

    found = at_once(6, lambda: claim_batch(database, run_id))

    numbers = [batch.id for batch in found if batch]
    assert len(numbers) == len(set(numbers)) == 4


def test_a_claim_passes_over_a_batch_that_is_being_claimed(database: Database) -> None:
    """Nobody waits for a batch while there is another one."""
    run_id = a_run(database, 200)
    ids = [row.id for row in rows(database, "SELECT id FROM scan_batches ORDER BY id")]

    with database.transaction() as session:
        session.execute(text("SELECT FROM scan_batches WHERE id = :id FOR UPDATE"), {"id": ids[0]})
        batch = claimed(database, run_id)

    assert batch.id == ids[1]


def test_a_leased_batch_is_nobody_elses_until_its_lease_ends(database: Database) -> None:
    """A worker that died gives its batch up by doing nothing."""
    run_id = a_run(database)
    first = claimed(database, run_id)

    early = claim_batch(database, run_id, NOW + BATCH_LEASE - SECOND)
    second = claimed(database, run_id, NOW + BATCH_LEASE)

    assert early is None
    assert (second.id, second.attempt) == (first.id, 2)


def test_the_late_first_worker_is_refused_and_counts_nothing(database: Database) -> None:
    """Only the newest attempt may finish; the run counts the batch once."""
    run_id = a_run(database, 150)
    first = claimed(database, run_id)
    second = next(batch for batch in _retaken(database, run_id) if batch.id == first.id)

    late = finish_batch(database, first, NOW + BATCH_LEASE)
    after_late = state_of(database, run_id)
    right = finish_batch(database, second, NOW + BATCH_LEASE)
    twice = finish_batch(database, second, NOW + BATCH_LEASE)

    assert (late, right, twice) == (False, True, False)
    assert after_late == ("running", 2, 0, 0, 0)
    assert state_of(database, run_id) == ("running", 1, len(second.titles), 2, 1)


def _retaken(database: Database, run_id: int) -> list[Batch]:
    """Both batches of a run after the leases ended."""
    return [claimed(database, run_id, NOW + BATCH_LEASE) for _ in range(2)]


def test_batches_that_finish_at_once_end_the_run_exactly_once(database: Database) -> None:
    """Five workers finish the last five batches together: each is counted, one of them ends the run."""
    run_id = a_run(database, 500)
    waiting = [claimed(database, run_id) for _ in range(5)]

    finished = at_once(5, lambda: finish_batch(database, waiting.pop(), NOW + SECOND))

    assert finished == [True] * 5
    assert state_of(database, run_id) == ("done", 0, 500, 10, 5)
    assert single(database, "SELECT finished_at FROM scan_runs") == NOW + SECOND


def test_nothing_of_an_ended_run_is_claimed_or_finished(database: Database) -> None:
    """Its time is the limit for a claim; a worker that comes home after the end is refused."""
    run_id = a_run(database, 200)
    batch = claimed(database, run_id)

    too_late = claim_batch(database, run_id, NOW + LENGTH)
    with database.transaction() as session:
        scans.expire_runs(session, NOW + LENGTH)
    finished = finish_batch(database, batch, NOW + LENGTH)

    assert (too_late, finished) == (None, False)
    assert state_of(database, run_id) == ("expired", 0, 0, 0, 0)


def test_a_finished_group_knows_when_it_was_read(database: Database) -> None:
    """A batch of a level is no whole group, so it says nothing about one."""
    run_id = a_run(database)
    finish_batch(database, claim_batch(database, run_id), NOW + SECOND)
    by_group = single(database, "SELECT observed_at FROM item_groups")
    level = plan(database, NOW + SECOND, level="pro").run_id
    assert level is not None

    finish_batch(database, claim_batch(database, level, NOW + SECOND), NOW + 9 * SECOND)

    assert by_group == NOW + SECOND
    assert single(database, "SELECT observed_at FROM item_groups") == by_group


def test_work_on_a_batch_keeps_its_run_alive(database: Database) -> None:
    """The run's lease goes on with each batch that comes home, and with a claim where that is some time ago."""
    run_id = a_run(database, 200)
    claimed(database, run_id, NOW + 10 * SECOND)
    early = single(database, "SELECT lease_until FROM scan_runs")
    batch = claimed(database, run_id, NOW + 30 * SECOND)
    late = single(database, "SELECT lease_until FROM scan_runs")

    finish_batch(database, batch, NOW + 35 * SECOND)

    assert early == NOW + RUN_LEASE
    assert late == NOW + 30 * SECOND + RUN_LEASE
    assert single(database, "SELECT lease_until FROM scan_runs") == NOW + 35 * SECOND + RUN_LEASE


def test_a_released_batch_waits_again(database: Database) -> None:
    """It can be claimed at once, and the reaper rings for it after a moment; a lost lease releases nothing."""
    run_id = a_run(database)
    first = claimed(database, run_id)
    with database.transaction() as session:
        batches.release_batch(session, first, NOW + 5 * SECOND)

    quiet = ring(database, NOW + RING_AGAIN)
    rung = ring(database, NOW + 5 * SECOND + RING_AGAIN)
    second = claimed(database, run_id, NOW + 6 * SECOND)
    with database.transaction() as session:
        batches.release_batch(session, first, NOW + 6 * SECOND)

    assert (quiet, rung) == ([], [(run_id, 1)])
    assert second.attempt == 2
    assert single(database, "SELECT state FROM scan_batches") == "leased"


def test_the_reaper_rings_only_for_batches_nobody_works_on(database: Database) -> None:
    """Waiting ones and those with a lapsed lease, each again only after a while; leased and done ones never."""
    run_id = a_run(database, 400)
    finish_batch(database, claim_batch(database, run_id))
    claimed(database, run_id)
    claimed(database, run_id, NOW + RING_AGAIN)

    early = ring(database, NOW + RING_AGAIN - SECOND)
    first = ring(database, NOW + RING_AGAIN)
    again = ring(database, NOW + RING_AGAIN + SECOND)
    lapsed = ring(database, NOW + BATCH_LEASE)

    assert (early, again) == ([], [])
    assert first == [(run_id, 1)]
    assert lapsed == [(run_id, 2)]


def test_the_reaper_waits_for_nobody(database: Database) -> None:
    """A batch that is locked is being worked on: it is passed over."""
    run_id = a_run(database, 200)

    with database.transaction() as session:
        session.execute(text("SELECT FROM scan_batches ORDER BY id LIMIT 1 FOR UPDATE"))
        rung = ring(database, NOW + RING_AGAIN)

    assert rung == [(run_id, 1)]


def test_ending_a_run_and_finishing_its_batch_do_not_lock_each_other_out(database: Database) -> None:
    """Whoever comes second waits for the run; it must hold nothing by then that the first still needs."""
    run_id = a_run(database)
    batch = claimed(database, run_id)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            session.execute(text("SELECT FROM scan_runs FOR UPDATE"))
            finishing = pool.submit(finish_batch, database, batch, NOW + LENGTH)
            wait_until_blocked(database)
            ended = scans.expire_runs(session, NOW + LENGTH)
        finished = finishing.result()

    assert (ended, finished) == (["csgo"], False)
