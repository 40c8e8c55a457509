"""Alerts that ended unsent, put back while their deal stands; never one that may have arrived."""

from collections import Counter
from datetime import timedelta

import pytest

from models.database import Database
from models.queries import handover
from models.queries.replay import Fate, replay
from tests.factories import NOW
from tests.integration.bot.outbox_rows import claim, send
from tests.integration.bot.rows import owe, states, subscribed

ADA, BOB = 1, 2
OUTAGE = timedelta(minutes=10)
AFTER = NOW + OUTAGE
MAX_AGE = timedelta(minutes=2)
CONFIRMED = "UPDATE opportunities SET confirmed_at = confirmed_at + interval '10 minutes'"


@pytest.fixture
def expired(database: Database) -> Database:
    """Two chats were owed an alert that no bot got to in ten minutes; the deal was confirmed again since."""
    subscribed(database, ADA, BOB)
    owe(database, [ADA, BOB], at=NOW, lasts=MAX_AGE)
    with database.transaction() as session:
        assert handover.expire_due(session, AFTER) == 2
    execute(database, CONFIRMED)
    return database


def execute(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def replayed(database: Database, *, really: bool = True, since: timedelta = OUTAGE) -> Counter[Fate]:
    with database.transaction() as session:
        return replay(session, AFTER - since, AFTER, MAX_AGE, really=really).fates


def test_what_expired_in_an_outage_is_sent_after_all(expired: Database) -> None:
    """Each chat gets it once: what was put back and sent is not found again."""
    back = replayed(expired)
    for alert in claim(expired, after=OUTAGE.total_seconds() + 0.5).alerts:
        send(expired, alert, after=OUTAGE.total_seconds() + 0.5, number=alert.chat_id)
    again = replayed(expired)

    assert back == {Fate.BACK: 2}
    assert states(expired) == [("sent", "delivered")] * 2
    assert again == {}


def test_a_dry_run_counts_and_changes_nothing(expired: Database) -> None:
    """The same numbers as the real one, and every row as it was."""
    before = states(expired)

    assert replayed(expired, really=False) == {Fate.BACK: 2}
    assert states(expired) == before == [("expired", "too_late")] * 2


def test_an_alert_that_is_put_back_expires_with_its_proof(expired: Database) -> None:
    """It is as old as the confirmation, not as the moment of the command."""
    replayed(expired)
    late = claim(expired, after=(OUTAGE + MAX_AGE).total_seconds() + 0.5)

    assert late.alerts == []
    assert states(expired) == [("expired", "too_late")] * 2


@pytest.mark.parametrize(
    ("change", "fate"),
    [
        ("UPDATE opportunities SET state = 'gone'", Fate.GONE),
        ("UPDATE opportunities SET buy = buy + 1", Fate.MOVED),
        ("UPDATE opportunities SET offer_id = 'other'", Fate.MOVED),
        ("UPDATE opportunities SET confirmed_at = confirmed_at - interval '3 minutes'", Fate.UNPROVEN),
        ("UPDATE chats SET state = 'stopped'", Fate.LEFT),
        ("UPDATE chats SET state = 'blocked'", Fate.LEFT),
    ],
)
def test_what_does_not_hold_any_more_stays_unsent(change: str, fate: Fate, expired: Database) -> None:
    """The reason is counted for the operator."""
    execute(expired, change)

    assert replayed(expired) == {fate: 2}
    assert states(expired) == [("expired", "too_late")] * 2


@pytest.mark.parametrize(
    "ending",
    [
        "state = 'sent', reason = 'delivered', message_id = 7",
        "state = 'failed', reason = 'unknown'",
        "state = 'failed', reason = 'unreadable: KeyError', attempts = 1",
        "state = 'failed', reason = 'refused: Bad Request'",
        "state = 'failed', reason = 'blocked'",
        "state = 'suppressed', reason = 'quiet'",
        "state = 'pending', reason = NULL, finished_at = NULL",
    ],
)
def test_what_may_have_arrived_or_was_not_wanted_is_left_alone(ending: str, expired: Database) -> None:
    """Not even counted: nothing can be done about it."""
    execute(expired, f"UPDATE alerts SET {ending}")  # noqa: S608  # one of the literals above
    before = states(expired)

    assert replayed(expired) == {}
    assert states(expired) == before


def test_what_an_older_version_could_not_read_comes_back(expired: Database) -> None:
    """It was never handed over."""
    execute(expired, "UPDATE alerts SET state = 'failed', reason = 'unreadable', attempts = 0")

    assert replayed(expired) == {Fate.BACK: 2}


def test_only_what_ended_lately_is_looked_at(expired: Database) -> None:
    """`since` is about the end, not about the birth."""
    execute(expired, "UPDATE alerts SET finished_at = finished_at - interval '1 hour' WHERE chat_id = 1")

    assert replayed(expired, since=timedelta(minutes=30)) == {Fate.BACK: 1}
