from datetime import datetime, timedelta

from models.database import Database
from models.queries import catalogue
from models.queries.catalogue import Page, Walk
from tests.factories import NOW
from tests.integration.models.threads import at_once
from tests.rows import a_run, claim_batch, finish_batch, rows, single, some_titles

LEASE = timedelta(seconds=45)
SECOND = timedelta(seconds=1)


def begin(database: Database, at: datetime = NOW, game: str = "csgo") -> Walk | None:
    with database.transaction() as session:
        return catalogue.begin_walk(session, game, at, LEASE)


def advance(database: Database, walk: Walk | None, cursor: str, at: datetime = NOW) -> None:
    """Record a page of ten titles before `cursor`."""
    assert walk is not None
    with database.transaction() as session:
        catalogue.advance_walk(session, walk, Page(cursor, 10), at, LEASE)


def see(database: Database, titles: list[str], at: datetime = NOW, game: str = "csgo") -> int:
    with database.transaction() as session:
        return catalogue.see_titles(session, game, titles, at)


def stalled(database: Database, at: datetime = NOW) -> list[str]:
    with database.transaction() as session:
        return catalogue.stalled_walks(session, at)


def group_sizes(database: Database, game: str = "csgo") -> list[tuple[int, int]]:
    """What each group says it holds, and what it really holds."""
    query = """
        SELECT g.size, count(i.id) AS held FROM item_groups g LEFT JOIN items i ON i.group_id = g.id
        WHERE g.game = :game GROUP BY g.id ORDER BY g.id
    """
    return [(row.size, row.held) for row in rows(database, query, game=game)]


def test_a_walk_belongs_to_one_worker_until_its_lease_ends(database: Database) -> None:
    """Then the next goes on at the stored cursor, with the titles counted so far. Games do not disturb each other."""
    first = begin(database)
    advance(database, first, "page two")

    second, other = begin(database, NOW + LEASE - SECOND), begin(database, game="rust")
    third = begin(database, NOW + LEASE)

    assert first == Walk("csgo", "", 0)
    assert (second, other) == (None, Walk("rust", "", 0))
    assert third == Walk("csgo", "page two", 10)


def test_each_page_renews_the_lease(database: Database) -> None:
    """A long walk is not taken over while it moves."""
    walk = begin(database)
    advance(database, walk, "page two", NOW + LEASE - SECOND)

    assert begin(database, NOW + LEASE) is None


def test_of_many_who_begin_at_once_one_walks(database: Database) -> None:
    """The very first time too, when there is no row yet."""
    walks = at_once(6, lambda: begin(database))

    assert [walk for walk in walks if walk] == [Walk("csgo", "", 0)]


def test_a_walk_that_ended_begins_anew(database: Database) -> None:
    """From the first page, counting from zero."""
    walk = begin(database)
    advance(database, walk, "page two")
    advance(database, walk, "")
    ended = single(database, "SELECT finished_at FROM catalogue_walks")

    again = begin(database, NOW + SECOND)

    assert ended == NOW
    assert again == Walk("csgo", "", 0)
    assert single(database, "SELECT finished_at FROM catalogue_walks") is None


def test_a_freed_walk_goes_on_and_a_restarted_one_begins_again(database: Database) -> None:
    """Freed at once or after a pause; a restart forgets the cursor and always pauses."""
    advance(database, begin(database), "page two")
    with database.transaction() as session:
        catalogue.free_walk(session, "csgo")
    freed = begin(database)
    with database.transaction() as session:
        catalogue.free_walk(session, "csgo", NOW + 5 * SECOND)
    paused, resumed = begin(database, NOW + 4 * SECOND), begin(database, NOW + 5 * SECOND)
    with database.transaction() as session:
        catalogue.restart_walk(session, "csgo", NOW, NOW + 5 * SECOND)

    assert freed == resumed == Walk("csgo", "page two", 10)
    assert paused is None
    assert begin(database, NOW + 4 * SECOND) is None
    assert begin(database, NOW + 5 * SECOND) == Walk("csgo", "", 0)


def test_walks_that_nobody_is_on_are_stalled(database: Database) -> None:
    """Their lease lapsed or was given back; one in work and one that ended are not."""
    begin(database, NOW - LEASE, game="dota2")
    begin(database, game="rust")
    advance(database, begin(database, game="tf2"), "")
    advance(database, begin(database), "page two")
    with database.transaction() as session:
        catalogue.free_walk(session, "csgo")

    assert stalled(database) == ["csgo", "dota2"]


def test_new_titles_fill_groups_of_one_hundred(database: Database) -> None:
    """In the order of their names, each game for itself."""
    new = see(database, some_titles(230))
    see(database, some_titles(3), game="rust")

    assert new == 230
    assert group_sizes(database) == [(100, 100), (100, 100), (30, 30)]
    assert group_sizes(database, "rust") == [(3, 3)]


def test_newcomers_take_the_free_seats_first(database: Database) -> None:
    """Known titles are only seen again; the group that got new ones has to be read again."""
    finish_batch(database, claim_batch(database, a_run(database, 90)))

    new = see(database, some_titles(115), NOW + SECOND)

    assert new == 25
    assert group_sizes(database) == [(100, 100), (15, 15)]
    assert rows(database, "SELECT observed_at FROM item_groups") == [(None,), (None,)]
    assert rows(database, "SELECT first_seen_at, last_seen_at, count(*) FROM items GROUP BY 1, 2 ORDER BY 1") == [
        (NOW, NOW + SECOND, 90),
        (NOW + SECOND, NOW + SECOND, 25),
    ]


def test_titles_that_come_twice_are_one(database: Database) -> None:
    """Within a page and over pages."""
    first, second = see(database, ["A", "B", "A"]), see(database, ["B", "A"])

    assert (first, second) == (2, 0)
    assert group_sizes(database) == [(2, 2)]


def test_seeing_no_new_title_touches_no_group(database: Database) -> None:
    """A group that was read stays read."""
    finish_batch(database, claim_batch(database, a_run(database, 5)))

    see(database, some_titles(5), NOW + SECOND)

    assert single(database, "SELECT observed_at FROM item_groups") == NOW
