from datetime import datetime, timedelta

import pytest

from domain.fees import DefaultFee, FeeList
from domain.quotes import AggregatedPrice
from models.database import Database
from models.queries import batches, fees, judgings, prices
from models.queries.judgings import AGAIN, Look
from tests.factories import NOW
from tests.rows import a_quote, a_run, claim_batch, make_partitions, rows

SECOND = timedelta(seconds=1)


@pytest.fixture
def ids(database: Database) -> list[int]:
    """Three titles of one group; the second one was promising when all of them were last looked at, now."""
    make_partitions(database)
    run_id = a_run(database, 3)
    batch = claim_batch(database, run_id)
    assert batch is not None
    found = sorted(batch.titles.values())
    with database.transaction() as session:
        prices.store(session, dict.fromkeys(found, a_quote(900, 1000)), NOW, promising={found[1]})
        batches.finish_batch(session, batch, NOW, changed=3, nominated=1, judged=True)
    return found


def look(database: Database, quotes: dict[int, AggregatedPrice], at: datetime = NOW) -> Look:
    (group,) = rows(database, "SELECT id FROM item_groups")
    with database.transaction() as session:
        return judgings.look(session, group.id, quotes, at)


def test_what_changed_and_what_was_promising_is_looked_at(database: Database, ids: list[int]) -> None:
    """A side that went or came is a change, and a count alone."""
    same = dict.fromkeys(ids, a_quote(900, 1000))

    nothing = look(database, same)
    gone = look(database, same | {ids[0]: a_quote(900, None)})
    counted = look(database, same | {ids[0]: AggregatedPrice("", 900, 1, 1000, 7), ids[1]: a_quote(900, 1001)})

    assert nothing == Look(promising={ids[1]})
    assert gone == Look(changed={ids[0]}, promising={ids[1]})
    assert counted == Look(changed={ids[0], ids[1]})


def test_a_first_price_is_a_change(database: Database, ids: list[int]) -> None:
    """Also that of a title that nobody offers or wants."""
    rows(database, "DELETE FROM prices RETURNING item_id")

    found = look(database, {ids[0]: a_quote(), ids[1]: AggregatedPrice("", None, 0, None, 0)})

    assert found == Look(changed={ids[0], ids[1]})


def test_a_whole_group_is_looked_at_now_and_then(database: Database, ids: list[int]) -> None:
    """After ten minutes, once the fees were read, and where it never was."""
    same = dict.fromkeys(ids, a_quote(900, 1000))
    whole = Look(whole=True, promising={ids[1]}, others={ids[0], ids[2]})

    soon, late = look(database, same, NOW + AGAIN), look(database, same, NOW + AGAIN + SECOND)
    with database.transaction() as session:
        fees.store(session, "csgo", FeeList(DefaultFee(700, 1), ()), NOW + SECOND)
    after_fees = look(database, same, NOW + SECOND)
    rows(database, "UPDATE item_groups SET judged_at = NULL RETURNING id")
    never = look(database, same)

    assert not soon.whole
    assert late == after_fees == never == whole


def test_titles_without_a_group_are_all_looked_at(database: Database, ids: list[int]) -> None:
    """A scan of one level says nothing about a group."""
    with database.transaction() as session:
        found = judgings.look(session, None, dict.fromkeys(ids, a_quote(900, 1000)), NOW)

    assert found.all == set(ids)
    assert found.whole
