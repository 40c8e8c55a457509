from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from domain.games import GAMES
from domain.nomination import Reason
from models.database import Database
from models.queries import nominees
from models.queries.nominees import LEASE, LOST_WORKERS, RING_AGAIN, SAME_AGAIN, WAIT, Claimed
from tests.factories import NOW
from tests.integration.models.threads import at_once
from tests.rows import a_claimed, claim_nominee, make_item, make_items, nominate, rows, single

SECOND = timedelta(seconds=1)


@pytest.fixture
def item(database: Database) -> int:
    return make_item(database)


def finish(database: Database, claimed: Claimed) -> bool:
    with database.transaction() as session:
        return nominees.finish(session, claimed)


def release(database: Database, claimed: Claimed, at: datetime = NOW) -> None:
    with database.transaction() as session:
        nominees.release(session, claimed, at)


def ring(database: Database, at: datetime) -> int:
    with database.transaction() as session:
        return nominees.silent(session, at)


def reject(database: Database, item: int, at: datetime = NOW, gate: str = "few_sales") -> None:
    """A verdict on the default aggregate, reached at `at`."""
    claimed = a_claimed(database, item, at)
    with database.transaction() as session:
        nominees.finish(session, claimed)
        nominees.record_verdict(session, claimed, gate, {"sales": 1}, at)


def test_a_title_that_waits_is_not_queued_twice(database: Database, item: int) -> None:
    """It gets the newer numbers, and keeps the time at which its waiting ends."""
    first = nominate(database, item, score=100, bid=1200)
    second = nominate(database, item, NOW + SECOND, score=300, bid=1400)

    assert (first, second) == (1, 0)
    assert rows(database, "SELECT score, bid, expires_at FROM nominees") == [(300, 1400, NOW + WAIT)]


def test_a_title_that_is_being_verified_is_left_alone(database: Database, item: int) -> None:
    """The worker judges live data anyway; its row must stay what it claimed."""
    a_claimed(database, item, bid=1200)

    again = nominate(database, item, NOW + SECOND, bid=1300)

    assert again == 0
    assert single(database, "SELECT bid FROM nominees") == 1200


def test_the_most_promising_title_comes_first(database: Database) -> None:
    """By score, then by age in the catalogue; each with its game, title and aggregate."""
    ids = list(make_items(database, 3).values())
    for item, score in zip(ids, (100, 900, 100), strict=True):
        nominate(database, item, score=score)

    order = [claim_nominee(database) for _ in range(4)]

    assert order[0] == Claimed(ids[1], "csgo", "Title 00001", 1, 1200, 1000)
    assert [claimed and claimed.item_id for claimed in order] == [ids[1], ids[0], ids[2], None]


def test_workers_that_claim_at_once_get_different_titles(database: Database) -> None:
    """Six workers, four titles: each title is verified by one."""
    for item in make_items(database, 4).values():
        nominate(database, item)

    found = at_once(6, lambda: claim_nominee(database))

    ids = [claimed.item_id for claimed in found if claimed]
    assert len(ids) == len(set(ids)) == 4


def test_a_rejected_title_is_not_looked_at_again_while_its_aggregate_stands(database: Database, item: int) -> None:
    """The same stale numbers would be rejected again; after five minutes the world may have changed."""
    reject(database, item)

    soon = nominate(database, item, NOW + SAME_AGAIN - SECOND)
    later = nominate(database, item, NOW + SAME_AGAIN)

    assert (soon, later) == (0, 1)


@pytest.mark.parametrize(("bid", "ask"), [(1201, 1000), (1200, 999), (None, 1000)])
def test_a_rejected_title_whose_aggregate_moved_comes_at_once(
    database: Database, item: int, bid: int | None, ask: int
) -> None:
    """Either side moved, or went away."""
    reject(database, item)

    assert nominate(database, item, NOW + SECOND, bid=bid, ask=ask) == 1


def test_a_title_rejected_on_empty_sides_is_known_again(database: Database, item: int) -> None:
    """NULL equals NULL here."""
    claimed = a_claimed(database, item, bid=None, ask=None)
    with database.transaction() as session:
        nominees.finish(session, claimed)
        nominees.record_verdict(session, claimed, "no_offer", {}, NOW)

    assert nominate(database, item, NOW + SECOND, bid=None, ask=None) == 0


def test_a_title_with_an_open_opportunity_always_comes(database: Database, item: int) -> None:
    """What was announced must be confirmed by every scan."""
    reject(database, item)

    assert nominate(database, item, NOW + SECOND, reason=Reason.OPEN) == 1


def test_a_worker_that_was_overtaken_cannot_finish(database: Database, item: int) -> None:
    """After its lease another worker has the title; the verdict is that one's."""
    first = a_claimed(database, item)
    early = claim_nominee(database, NOW + LEASE - SECOND)
    second = claim_nominee(database, NOW + LEASE)
    assert second is not None

    late, right, twice = finish(database, first), finish(database, second), finish(database, second)

    assert early is None
    assert second.attempt == 2
    assert (late, right, twice) == (False, True, False)


def test_a_title_that_could_not_be_read_comes_again_as_long_as_it_waits(database: Database, item: int) -> None:
    """An outage is not the title's fault: at once for whoever asks, by the reaper's bell after a moment."""
    first = a_claimed(database, item)
    release(database, first, NOW)
    for _ in range(2 * LOST_WORKERS):
        again = claim_nominee(database, NOW)
        assert again is not None
        release(database, again, NOW)

    assert ring(database, NOW + RING_AGAIN) == 1
    assert claim_nominee(database, NOW + WAIT) is None


def test_a_title_that_ended_three_workers_is_left_alone(database: Database, item: int) -> None:
    """A lease that ran out tells of a worker that did not come back."""
    a_claimed(database, item)
    rows(database, "UPDATE nominees SET expires_at = :late RETURNING item_id", late=NOW + 10 * WAIT)
    claimed = [claim_nominee(database, NOW + time * LEASE) for time in range(1, LOST_WORKERS + 1)]

    assert [one.attempt if one else None for one in claimed] == [2, 3, None]


def test_a_release_that_comes_too_late_changes_nothing(database: Database, item: int) -> None:
    """The title belongs to the second worker by then."""
    first = a_claimed(database, item)
    claim_nominee(database, NOW + LEASE)

    release(database, first, NOW + LEASE)

    assert single(database, "SELECT lease_until FROM nominees") == NOW + 2 * LEASE


def test_the_reaper_rings_for_titles_nobody_works_on(database: Database) -> None:
    """Waiting ones and lapsed leases, each again only after a while."""
    ids = list(make_items(database, 2).values())
    nominate(database, ids[0], score=900)
    claim_nominee(database)
    nominate(database, ids[1])

    early = ring(database, NOW + RING_AGAIN - SECOND)
    first = ring(database, NOW + RING_AGAIN)
    again = ring(database, NOW + RING_AGAIN + SECOND)
    lapsed = ring(database, NOW + LEASE)

    assert (early, first, again, lapsed) == (0, 1, 0, 2)


def test_what_waited_too_long_is_dropped(database: Database) -> None:
    """It is claimed by nobody from that moment, and the reaper removes it; one in work stays until its lease ends."""
    ids = list(make_items(database, 2).values())
    nominate(database, ids[0], score=900)
    claim_nominee(database, NOW + WAIT - SECOND)
    nominate(database, ids[1])

    claimed = claim_nominee(database, NOW + WAIT)
    ring(database, NOW + WAIT)
    kept = rows(database, "SELECT item_id FROM nominees")
    ring(database, NOW + WAIT + LEASE)

    assert claimed is None
    assert kept == [(ids[0],)]
    assert rows(database, "SELECT item_id FROM nominees") == []


def test_the_reaper_waits_for_nobody(database: Database) -> None:
    """Rows that a batch or a verdict holds are passed over, to be dropped or rung for the next time."""
    ids = list(make_items(database, 3).values())
    for item in ids:
        nominate(database, item)

    with database.transaction() as session:
        session.execute(text("SELECT FROM nominees WHERE item_id = :id FOR UPDATE"), {"id": ids[0]})
        rung = ring(database, NOW + RING_AGAIN)
        ring(database, NOW + WAIT)

    assert rung == 2
    assert rows(database, "SELECT item_id FROM nominees") == [(ids[0],)]


def test_waiting_counts_the_titles_of_a_game(database: Database) -> None:
    """Those in work too; those of other games not, nor those that nobody got to in time."""
    for item in make_items(database, 2).values():
        nominate(database, item)
    nominate(database, make_item(database, game="rust"))
    claim_nominee(database)

    with database.transaction() as session:
        counted = [nominees.waiting(session, game, NOW) for game in GAMES]
        late = nominees.waiting(session, "csgo", NOW + WAIT)

    assert counted == [2, 0, 0, 1]
    assert late == 0


def test_a_verdict_on_assumed_fees_keeps_no_aggregate_from_another_look(database: Database, item: int) -> None:
    """The fees come a moment later, and the same bid and ask may pay then."""
    claimed = a_claimed(database, item)
    with database.transaction() as session:
        nominees.record_verdict(session, claimed, "below_level", {}, NOW, lasting=False)
        nominees.finish(session, claimed)

    assert nominate(database, item, at=NOW + SECOND) == 1


def test_the_last_verdict_on_a_title_is_kept(database: Database, item: int) -> None:
    """One row: the gate that decided with its numbers and the aggregate that had led there."""
    reject(database, item)
    reject(database, item, NOW + SAME_AGAIN, gate="below_level")

    kept = rows(database, "SELECT gate, numbers, bid, ask, decided_at FROM verdicts")
    assert kept == [("below_level", {"sales": 1}, 1200, 1000, NOW + SAME_AGAIN)]
