"""What readers say of deals, and what follows."""

from datetime import timedelta

import pytest

from models.database import Database
from models.feedback import Verdict
from models.opportunities import OpportunityRow
from models.queries import feedback, manners
from models.queries.alerts import ClaimedAlert
from tests.factories import NOW
from tests.integration.bot.outbox_rows import claim, ends, send
from tests.integration.bot.rows import owe, subscribed

ADA, BOB = 1, 2
DAY = timedelta(days=1)


@pytest.fixture
def told(database: Database) -> tuple[Database, ClaimedAlert]:
    """Ada's alert; Bob has the next one, of the same deal."""
    subscribed(database, ADA, BOB)
    owe(database, [ADA, BOB], at=NOW, title="one deal")
    alerts = claim(database).alerts
    for alert in alerts:
        send(database, alert)
    return database, alerts[0]


def say(database: Database, alert_id: int, chat_id: int, verdict: Verdict) -> feedback.ToldDeal | None:
    with database.transaction() as session:
        return feedback.record(session, alert_id, chat_id, verdict, NOW)


@pytest.mark.parametrize(("verdict", "rests"), [(Verdict.BOUGHT, True), (Verdict.WRONG, True), (Verdict.GONE, False)])
def test_a_word_about_a_deal_changes_what_comes_of_its_title(
    told: tuple[Database, ClaimedAlert], verdict: Verdict, rests: bool
) -> None:
    """For a day nothing to who bought it or found it wrong; to who was too late, and to others, as before."""
    database, alert = told
    deal = say(database, alert.id, ADA, verdict)
    with database.transaction() as session:
        muted = {chat_id: manners.muted(session, chat_id, NOW) for chat_id in (ADA, BOB)}

    assert deal
    assert deal.title == "one deal"
    assert [(one.item_id, one.until) for one in muted[ADA]] == ([(deal.item_id, NOW + DAY)] if rests else [])
    assert muted[BOB] == []


def test_a_title_that_rests_is_not_told(told: tuple[Database, ClaimedAlert]) -> None:
    """The next deal on it ends as muted."""
    database, alert = told
    deal = say(database, alert.id, ADA, Verdict.WRONG)
    assert deal
    other = owe(database, [ADA], at=NOW, title="another")
    with database.transaction() as session:
        row = session.get_one(OpportunityRow, other.id)
        row.item_id, row.variant = deal.item_id, "ruby"

    assert claim(database).alerts == []
    assert ends(database)[-1] == ("instant", "muted")


def test_the_last_word_counts(told: tuple[Database, ClaimedAlert]) -> None:
    """One for each alert, of this chat, since then."""
    database, alert = told
    for verdict in (Verdict.GONE, Verdict.BOUGHT):
        say(database, alert.id, ADA, verdict)
    with database.transaction() as session:
        counts = [feedback.counted(session, ADA, since) for since in (NOW - DAY, NOW + DAY)]
        others = feedback.counted(session, BOB, NOW - DAY)

    assert counts == [{Verdict.BOUGHT: 1}, {}]
    assert others == {}


def test_nobody_speaks_of_anothers_alert(told: tuple[Database, ClaimedAlert]) -> None:
    """Neither with a real number nor with an invented one."""
    database, alert = told

    assert say(database, alert.id, BOB, Verdict.WRONG) is None
    assert say(database, 999, ADA, Verdict.WRONG) is None
    with database.transaction() as session:
        assert manners.muted(session, BOB, NOW) == []
        assert feedback.counted(session, ADA, NOW - DAY) == {}
