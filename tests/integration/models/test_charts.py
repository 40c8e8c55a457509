"""The course of a title's price."""

from datetime import datetime, timedelta

import pytest

from domain.quotes import AggregatedPrice, SaleSide
from models.database import Database
from models.queries import charts, sales
from models.queries.charts import Course, Sold, Step, silences
from tests.factories import NOW, a_history, a_sale
from tests.rows import make_item, make_items, make_partitions, price

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def change(database: Database, item: int, at: datetime, ask: int | None) -> None:
    """From `at` on the title is asked for so much; bids are a tenth below."""
    make_partitions(database, at)
    bid = ask * 9 // 10 if ask else None
    price(database, {item: AggregatedPrice("", bid, 1 if bid else 0, ask, 1 if ask else 0)}, at)


def course(database: Database, item: int, span: timedelta = DAY) -> Course:
    with database.transaction() as session:
        found = charts.course(session, item, span, NOW)
    assert found is not None
    return found


def test_a_course_begins_with_the_price_that_held_before_it(database: Database) -> None:
    """The last earlier change stands at the beginning; others keep their time, oldest first."""
    item = make_item(database, "AWP | Fade (Factory New)")
    for ago, ask in ((9 * DAY, 900), (3 * DAY, 1000), (5 * HOUR, None), (HOUR, 1100)):
        change(database, item, NOW - ago, ask)

    found = course(database, item)

    assert (found.title, found.game, found.since, found.until) == ("AWP | Fade (Factory New)", "csgo", NOW - DAY, NOW)
    assert found.steps == (
        Step(NOW - DAY, 900, 1000),
        Step(NOW - 5 * HOUR, None, None),
        Step(NOW - HOUR, 990, 1100),
    )
    assert found.seen_at == NOW - HOUR


def test_sales_of_the_time_are_part_of_it(database: Database) -> None:
    """Older ones and those after it are not; a filled bid is told from a bought listing."""
    item = make_item(database)
    sold = [a_sale(1000, HOUR), a_sale(900, 2 * HOUR, side=SaleSide.TARGET), a_sale(800, 25 * HOUR)]
    with database.transaction() as session:
        sales.store(session, item, a_history(sold), None)

    found = course(database, item)

    assert found.sales == (Sold(NOW - HOUR, 1000, listed=True), Sold(NOW - 2 * HOUR, 900, listed=False))
    assert (found.steps, found.seen_at, found.gaps) == ((), None, ())


def test_a_title_that_does_not_exist_has_no_course(database: Database) -> None:
    """None, so that the screen can say so."""
    with database.transaction() as session:
        assert charts.course(session, 1, DAY, NOW) is None


def test_a_gap_is_seen_where_the_liveliest_titles_of_the_game_stood_still(database: Database) -> None:
    """The title itself may be quiet for days: its neighbours tell whether prices were read."""
    quiet, lively, elsewhere = (
        *make_items(database, 2).values(),
        make_item(database, "Scarecrow", game="rust"),
    )
    change(database, quiet, NOW - 2 * DAY, 1000)
    for hours in (*range(4 * 23, 4 * 12, -1), *range(4 * 6, 0, -1)):
        change(database, lively, NOW - hours * HOUR / 4, 1000 + hours)
    for hours in range(24, 0, -1):
        change(database, elsewhere, NOW - hours * HOUR, 500 + hours)

    found = course(database, quiet)

    ((dark, light),) = found.gaps
    assert (dark, light) == (NOW - 49 * HOUR / 4, NOW - 6 * HOUR)


@pytest.mark.parametrize(
    ("minutes", "gaps"),
    [
        ([], []),  # nothing was ever read: there is nothing to be called a gap
        ([700], []),  # a game with one change
        ([*range(720, 420, -60), *range(240, 0, -60)], []),  # a quiet game: four hours are no more than it may
        (list(range(720, 0, -15)), []),
        ([*range(720, 480, -15), *range(240, 0, -15)], [(495, 240)]),
        ([*range(720, 480, -15)], [(495, 0)]),  # it ended and did not come back
        ([*range(720, 240, -15), *range(80, 0, -15)], []),  # less than three hours
    ],
)
def test_a_silence_is_a_gap_where_it_is_unusual(minutes: list[int], gaps: list[tuple[int, int]]) -> None:
    """At least three hours, and ten times what is usual for the game."""
    signs = [NOW - minute * MINUTE for minute in minutes]

    found = silences(signs, NOW - DAY, NOW)

    assert [((NOW - dark) // MINUTE, (NOW - light) // MINUTE) for dark, light in found] == gaps


def test_no_gap_begins_before_the_course() -> None:
    """The first sign may be rounded down to a time before it."""
    signs = [NOW - DAY - 5 * MINUTE, *(NOW - DAY + minutes * MINUTE for minutes in range(600, 1440, 15))]

    ((dark, _),) = silences(signs, NOW - DAY, NOW)

    assert dark == NOW - DAY
