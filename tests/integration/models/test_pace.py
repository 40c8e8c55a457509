"""What `celery -A worker watch` reads of speed: titles priced by runs, and how long alerts took."""

from datetime import timedelta

import pytest

from models.database import Database
from models.queries import pace, report
from models.queries.pace import Delivered, Priced
from tests.factories import NOW
from tests.integration.models.test_stats import TOLD_AT, told
from tests.rows import a_run, claim_batch, finish_batch, make_chat, make_item, rows

SECOND = timedelta(seconds=1)


def read(database: Database, at_seconds: int = 0) -> Priced:
    with database.transaction() as session:
        return pace.priced(session, NOW + at_seconds * SECOND)


def delivered(database: Database) -> Delivered:
    with database.transaction() as session:
        return pace.delivered(session, TOLD_AT)


def test_what_was_priced_between_two_looks_is_counted_by_game(database: Database) -> None:
    """Also by a run that began and ended between them; a game without a scan has none."""
    first = a_run(database, 250)
    finish_batch(database, claim_batch(database, first))
    before = read(database)
    finish_batch(database, claim_batch(database, first))
    other = a_run(database, 30, game="rust")
    finish_batch(database, claim_batch(database, other))

    since = read(database, 2).since(before)

    assert since == {"csgo": 100, "dota2": 0, "tf2": 0, "rust": 30}


def test_runs_of_long_ago_are_not_read(database: Database) -> None:
    """A week of scans would be read every two seconds."""
    a_run(database, 10, at=NOW - pace.LONGEST - SECOND)
    recent = a_run(database, 10, game="rust")

    assert list(read(database).runs) == [recent]


def test_delivery_is_told_from_proof_to_acceptance(database: Database) -> None:
    """Of deals that were sent; what failed, or was sent before, does not count."""
    make_chat(database, 1)
    for seconds in (1, 2, 3):
        told(database, finished_at=TOLD_AT + seconds * SECOND)
    told(database, finished_at=TOLD_AT + 60 * SECOND, state="failed")
    told(database, finished_at=TOLD_AT - SECOND)

    found = delivered(database)

    assert (found.alerts, found.half_seconds) == (3, 2)
    assert found.most_seconds == pytest.approx(2.98)


def test_no_delivery_has_no_time(database: Database) -> None:
    """Not even zero."""
    assert delivered(database) == Delivered(0, None, None)


def test_gates_are_those_of_the_last_verdicts_in_a_span(database: Database) -> None:
    """A title counts once, by its last verdict."""
    for place, (gate, ago) in enumerate([("few_sales", 5), ("few_sales", 30), ("accepted", 59), ("accepted", 61)]):
        rows(
            database,
            "INSERT INTO verdicts (item_id, decided_at, gate, numbers) VALUES (:item, :at, :gate, '{}') RETURNING 1",
            item=make_item(database, f"Title {place}"),
            at=NOW - ago * SECOND,
            gate=gate,
        )

    with database.transaction() as session:
        found = report.verdicts(session, NOW - 60 * SECOND, NOW)

    assert found == {"few_sales": 2, "accepted": 1}
