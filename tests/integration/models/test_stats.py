"""What /stats reads: only the own chat's messages, and what became of them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from domain.kinds import Kind
from models.alerts import Alert
from models.database import Database
from models.feedback import Verdict
from models.opportunities import OpportunityRow
from models.queries import alerts, feedback, stats
from models.queries.stats import Stats
from tests.factories import NOW
from tests.integration.bot.rows import an_opportunity
from tests.rows import make_chat

ADA, BOB = 1, 2
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TOLD_AT = NOW - timedelta(hours=1)


def told(
    database: Database, chat_id: int = ADA, *, gone_after: int | None = None, moved_after: int | None = None, **end: Any
) -> int:
    """A deal that a chat was told of at TOLD_AT, gone or dearer so many seconds later; the alert's id."""
    values = {"state": "sent", "reason": "delivered", "finished_at": TOLD_AT} | end
    with database.transaction() as session:
        row = an_opportunity(session, TOLD_AT)
        alerts.create(session, row.id, row.offer_id, row.buy, [chat_id], now=TOLD_AT, expires_at=NOW)
        if gone_after is not None:
            ended = {"state": "gone", "gone_at": TOLD_AT + gone_after * SECOND}
            session.execute(update(OpportunityRow).where(OpportunityRow.id == row.id).values(ended))
        if moved_after is not None:
            values["struck_at"] = TOLD_AT + moved_after * SECOND
        changed = update(Alert).where(Alert.opportunity_id == row.id).values(values).returning(Alert.id)
        return session.scalars(changed).one()


def read(database: Database, chat_id: int = ADA, span: timedelta = DAY) -> Stats:
    with database.transaction() as session:
        return stats.stats(session, chat_id, NOW - span, NOW)


def say(database: Database, alert_id: int, verdict: Verdict) -> None:
    with database.transaction() as session:
        feedback.record(session, alert_id, ADA, verdict, NOW)


def test_a_deal_is_right_that_stood_for_a_minute(database: Database) -> None:
    """Gone or dearer within it is gone on arrival; later is not."""
    make_chat(database, ADA)
    told(database)
    told(database, gone_after=59)
    told(database, gone_after=61)
    told(database, moved_after=10)
    told(database, moved_after=600)

    found = read(database)
    assert found.sent == {Kind.INSTANT: 5}
    assert (found.settled, found.gone, found.right) == (5, 2, 3)


def test_what_its_reader_denies_is_not_right(database: Database) -> None:
    """Gone and wrong count against a deal, bought does not."""
    make_chat(database, ADA)
    for verdict in Verdict:
        say(database, told(database), verdict)

    found = read(database)
    assert (found.settled, found.gone, found.right) == (3, 0, 1)
    assert found.said == dict.fromkeys(Verdict, 1)


def test_what_was_sent_just_now_is_not_judged_yet(database: Database) -> None:
    """It may still be gone within the minute."""
    make_chat(database, ADA)
    told(database, finished_at=NOW - 30 * SECOND)

    found = read(database)
    assert (found.sent[Kind.INSTANT], found.settled, found.right) == (1, 0, 0)


def test_what_was_kept_back_is_counted_by_its_reason(database: Database) -> None:
    """While resting, and too late; what a setting dropped is neither."""
    make_chat(database, ADA)
    for reason in ("quiet", "snoozed", "gone", "too_late", "muted"):
        told(database, state="suppressed", reason=reason)

    found = read(database)
    assert (found.rested, found.late, found.settled) == (2, 2, 0)
    assert not found.sent


def test_only_the_own_messages_of_that_time_count(database: Database) -> None:
    """Neither another chat's nor older ones."""
    make_chat(database, ADA)
    make_chat(database, BOB)
    told(database, BOB)
    told(database, finished_at=NOW - 2 * DAY)

    assert read(database).settled == 0
    assert read(database, span=7 * DAY).settled == 1
    assert read(database, BOB).settled == 1
