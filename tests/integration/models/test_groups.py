"""Seating titles of like worth together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from domain.cadence import LEAST
from domain.seating import arrange
from models.database import Database
from models.items import FORGOTTEN
from models.queries import batches, groups
from tests.factories import NOW
from tests.integration.models.threads import wait_until_blocked
from tests.rows import (
    claim_batch,
    make_items,
    plan,
    read_all,
    rows,
)

SECOND = timedelta(seconds=1)


def seat(database: Database, worths: dict[int, int], at: datetime = NOW, size: int = 100) -> int:
    """Arrange the game; how many titles moved."""
    with database.transaction() as session:
        groups.lock_layout(session, "csgo", change=True)
        layout = groups.layout(session, "csgo", worths, at, LEAST)
        return groups.seat(session, layout, arrange(layout.seats, size), at)


def test_groups_of_like_worth_are_made_and_say_what_they_are_worth(database: Database) -> None:
    """The best hundred come together; sizes and worths are right, and the same again moves nothing."""
    ids = list(make_items(database, 250).values())
    read_all(database)
    worths = {item: 1_000 if place % 5 == 0 else 10 for place, item in enumerate(ids)}

    moved = seat(database, worths)
    again = seat(database, worths, NOW + SECOND)

    held = rows(database, "SELECT size, worth, arranged_at FROM item_groups ORDER BY worth DESC")
    best = rows(
        database,
        "SELECT count(*) FROM items i JOIN item_groups g ON g.id = i.group_id WHERE g.worth > 10 GROUP BY g.id",
    )
    assert 0 < moved <= 100
    assert again == 0
    assert [row.size for row in held] in ([100, 100, 50], [100, 50, 100])
    assert [row.worth for row in held] == [505, 10, 10]
    assert {row.arranged_at for row in held} == {NOW + SECOND}
    assert best == [(100,)]


def test_a_group_is_as_old_as_the_oldest_its_titles_came_from(database: Database) -> None:
    """And all of them are to be judged; a group that stayed as it was keeps its age and its judgement."""
    ids = list(make_items(database, 300).values())
    read_all(database)
    before = [row.id for row in rows(database, "SELECT id FROM item_groups ORDER BY id")]
    for group, seconds in zip(before, (10, 20, 30), strict=True):
        statement = "UPDATE item_groups SET observed_at = :at, judged_at = :at WHERE id = :id RETURNING id"
        rows(database, statement, at=NOW - seconds * SECOND, id=group)

    dear = dict.fromkeys(ids[:50] + ids[100:150], 1_000)
    moved = seat(database, {**dict.fromkeys(ids, 10), **dear, **dict.fromkeys(ids[200:], 1)})

    now = rows(database, "SELECT observed_at, judged_at, edition FROM item_groups ORDER BY id")
    oldest = NOW - 20 * SECOND
    assert moved == 100
    assert now == [(oldest, None, 1), (oldest, None, 1), (NOW - 30 * SECOND, NOW - 30 * SECOND, 0)]


def test_a_batch_of_the_former_titles_makes_no_group_fresh(database: Database) -> None:
    """It was bound before they moved: some of the group's titles were not in it."""
    ids = list(make_items(database, 200).values())
    read_all(database, NOW - 30 * SECOND)
    run_id = plan(database, due_every=30 * SECOND).run_id or 0
    batch = claim_batch(database, run_id)
    seat(database, {item: 1 + 1_000 * (place % 2) for place, item in enumerate(ids)})

    assert batch is not None
    with database.transaction() as session:
        batches.finish_batch(session, batch, NOW + SECOND, changed=0, nominated=0, judged=True)

    found = rows(database, "SELECT observed_at, held_until, judged_at FROM item_groups")
    assert found == [(NOW - 30 * SECOND, None, None)] * 2


def test_groups_never_read_are_left_alone(database: Database) -> None:
    """Nothing is known of newcomers, and no other group must seem unread because of them."""
    known_ids = list(make_items(database, 100).values())
    read_all(database)
    make_items(database, 30, prefix="Newcomer")

    moved = seat(database, dict.fromkeys(known_ids, 5))

    assert moved == 0
    assert rows(database, "SELECT size, arranged_at IS NULL AS fresh FROM item_groups ORDER BY id") == [
        (100, False),
        (30, True),
    ]


def test_forgotten_titles_are_worth_nothing(database: Database) -> None:
    """They end together in groups that no slot chooses."""
    make_items(database, 150, at=NOW - FORGOTTEN + SECOND, prefix="Gone")
    make_items(database, 50, prefix="Kept")
    read_all(database)

    seat(database, {}, NOW + SECOND)

    assert sorted(rows(database, "SELECT size, worth FROM item_groups")) == [(100, 0), (100, LEAST)]


def test_claims_and_newcomers_wait_while_titles_are_moved(database: Database) -> None:
    """And for nobody else: two of them, or another game, go on side by side."""
    make_items(database, 100)
    run_id = plan(database, due_every=30 * SECOND).run_id or 0
    with ThreadPoolExecutor(2) as pool:
        with database.transaction() as session:
            groups.lock_layout(session, "csgo", change=True)
            claiming = pool.submit(claim_batch, database, run_id)
            joining = pool.submit(make_items, database, 101)
            wait_until_blocked(database, 2)
            make_items(database, 1, game="rust")
        batch, items = claiming.result(), joining.result()
    with database.transaction() as session:
        groups.lock_layout(session, "csgo")
        make_items(database, 102)

    assert batch is not None
    assert len(items) == 101


def test_titles_that_come_back_before_their_first_price_are_read(database: Database) -> None:
    """A slot had found nothing of them in the catalogue; a group that is still forgotten stays out."""
    make_items(database, 200, at=NOW - FORGOTTEN)
    rows(database, "UPDATE item_groups SET worth = 0 RETURNING id")
    make_items(database, 100)

    with database.transaction() as session:
        groups.revive(session, "csgo", NOW)

    assert rows(database, "SELECT worth FROM item_groups ORDER BY id") == [(LEAST,), (0,)]


def test_titles_are_to_be_arranged_once_all_were_read(database: Database) -> None:
    """After the first scan and after newcomers; not while some wait for their first price, and not again."""

    def wanted() -> bool:
        with database.transaction() as session:
            return groups.to_arrange(session, "csgo")

    make_items(database, 100)
    unread = wanted()
    read_all(database)
    first = wanted()
    seat(database, {})
    arranged = wanted()
    make_items(database, 130)
    newcomers_unread = wanted()
    read_all(database, NOW + SECOND)

    assert (unread, first, arranged, newcomers_unread, wanted()) == (False, True, False, False, True)
