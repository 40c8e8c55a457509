"""What the buttons below an alert read: the alert of that chat and no other."""

import pytest

from models.database import Database
from models.feedback import Verdict
from models.queries import feedback, manners, pressed, sales
from models.queries.pressed import Behind, Pressed
from tests.factories import NOW, a_history
from tests.integration.bot.rows import outbox, owe
from tests.rows import make_chat, rows

ADA, BOB = 1, 2


@pytest.fixture
def alert_id(database: Database) -> int:
    """Ada was told of a deal at $12.34 on "One"."""
    for chat_id in (ADA, BOB):
        make_chat(database, chat_id)
    owe(database, [ADA], at=NOW, title="One", offer_id="first")
    (alert,) = outbox(database)
    return alert.id


def read(database: Database, alert_id: int, chat_id: int = ADA) -> Pressed | None:
    with database.transaction() as session:
        return pressed.pressed(session, alert_id, chat_id, NOW)


def evidence(database: Database, alert_id: int, chat_id: int = ADA) -> Behind | None:
    with database.transaction() as session:
        return pressed.behind(session, alert_id, chat_id)


def test_an_alert_as_it_was_sent(database: Database, alert_id: int) -> None:
    """With what the chat made of it so far."""
    before = read(database, alert_id)
    with database.transaction() as session:
        feedback.record(session, alert_id, ADA, Verdict.WRONG, NOW)
    after = read(database, alert_id)

    assert before is not None
    assert after is not None
    assert (before.title, before.offer_id, before.struck, before.gone) == ("One", "first", False, False)
    assert (before.said, before.muted) == (None, False)
    assert (after.said, after.muted) == (Verdict.WRONG, True)


def test_an_alert_leads_to_the_offer_that_it_names(database: Database, alert_id: int) -> None:
    """To today's once its message says that it moved."""
    rows(database, "UPDATE opportunities SET offer_id = 'second', buy = 1300 RETURNING 1")
    before = read(database, alert_id)
    rows(database, "UPDATE alerts SET struck_at = :at RETURNING 1", at=NOW)
    after = read(database, alert_id)

    assert before is not None
    assert after is not None
    assert (before.offer_id, before.struck) == ("first", False)
    assert (after.offer_id, after.struck, after.gone) == ("second", True, False)


def test_another_chat_has_no_such_alert(database: Database, alert_id: int) -> None:
    """Nor has anybody one of a number that is not there."""
    assert read(database, alert_id, BOB) is None
    assert evidence(database, alert_id, BOB) is None
    assert read(database, alert_id + 1) is None
    assert evidence(database, 2**63 - 1) is None


def test_a_mute_that_is_over_is_none(database: Database, alert_id: int) -> None:
    """And another chat's mute is another's."""
    found = read(database, alert_id)
    assert found is not None
    with database.transaction() as session:
        manners.mute(session, ADA, found.item_id, NOW)
        manners.mute(session, BOB, found.item_id, None)

    assert read(database, alert_id) == found


def test_the_evidence_has_the_sales_as_last_read(database: Database, alert_id: int) -> None:
    """None before they were, and none of evidence that cannot be read any more."""
    before = evidence(database, alert_id)
    assert before is not None
    with database.transaction() as session:
        sales.store(session, before.item_id, a_history(), 1000)
    after = evidence(database, alert_id)
    rows(database, "UPDATE opportunities SET evidence = '{}' RETURNING 1")

    assert (before.buy, before.proof.title, before.history, before.gone_at) == (1234, "One", None, None)
    assert after is not None
    assert after.history == a_history()
    assert evidence(database, alert_id) is None
