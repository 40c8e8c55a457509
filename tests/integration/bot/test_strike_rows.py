"""Which sent messages have become untrue, and that each change is edited once."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.kinds import Kind
from models.alerts import Alert
from models.database import Database
from models.feedback import Verdict
from models.opportunities import OpportunityRow
from models.queries import feedback, opportunities, strikes
from models.queries.strikes import Strike
from tests.factories import NOW
from tests.integration.bot.outbox_rows import LEASE, claim, owe_other, send
from tests.integration.bot.rows import outbox, owe, subscribed

ADA, BOB = 1, 2
MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(database: Database) -> tuple[Database, int]:
    """Two chats that were told of one deal at 1234 cents, and its id."""
    subscribed(database, ADA, BOB)
    row = owe(database, [ADA, BOB], at=NOW)
    for alert in claim(database).alerts:
        send(database, alert, number=100 + alert.chat_id)
    return database, row.id


def change(database: Database, opportunity_id: int, at: datetime = NOW + MINUTE, **columns: Any) -> int:
    """What a worker does when a deal changes; how many messages became untrue."""
    with database.transaction() as session:
        row = session.get_one(OpportunityRow, opportunity_id)
        for name, value in columns.items():
            setattr(row, name, value)
        return strikes.owe(session, [row], at)


def gone(database: Database, opportunity_id: int, at: datetime = NOW + MINUTE) -> int:
    return change(database, opportunity_id, at, state="gone", gone_at=at, gone_reason="no_offer")


def take(database: Database, *, after: float = 61, limit: int = 10, resting: tuple[int, ...] = ()) -> list[Strike]:
    with database.transaction() as session:
        return strikes.claim(session, NOW + timedelta(seconds=after), LEASE, limit, resting)


def settle(database: Database, strike: Strike, at: datetime | None = NOW + MINUTE) -> bool:
    with database.transaction() as session:
        return strikes.settle(session, strike, at)


def test_a_deal_that_is_gone_strikes_what_was_said(told: tuple[Database, int]) -> None:
    """Every message about it, with what is needed to say so."""
    database, deal = told
    touched, found = gone(database, deal), take(database)

    assert touched == 2
    assert [(one.chat_id, one.message_id) for one in found] == [(ADA, 101), (BOB, 102)]
    assert {(one.buy, one.gone_at, one.gone_reason) for one in found} == {(1234, NOW + MINUTE, "no_offer")}
    assert {one.language for one in found} == {"en"}


@pytest.mark.parametrize(
    ("columns", "untrue"),
    [
        ({"buy": 1300}, True),
        ({"buy": 1234, "offer_id": "other"}, True),
        ({"buy": 1200}, False),
        ({"buy": 1200, "offer_id": "other"}, False),
        ({}, False),
    ],
)
def test_a_deal_that_moved_strikes_what_is_no_better(
    told: tuple[Database, int], columns: dict[str, Any], untrue: bool
) -> None:
    """Dearer, or another offer at the same price; one that is cheaper still pays, and may be told anew."""
    database, deal = told
    change(database, deal, **columns)

    assert [one.gone_at for one in take(database)] == ([None, None] if untrue else [])


def says(database: Database, chat_id: int, verdict: Verdict, at: datetime) -> None:
    """A press on what became of the deal, below the chat's only alert."""
    (number,) = (row.id for row in outbox(database) if row.chat_id == chat_id)
    with database.transaction() as session:
        assert feedback.record(session, number, chat_id, verdict, at)


def test_what_the_reader_said_stays_below_the_edit(told: tuple[Database, int]) -> None:
    """The mark of one chat; nothing for the other, which said nothing."""
    database, deal = told
    says(database, ADA, Verdict.BOUGHT, NOW + timedelta(seconds=30))
    gone(database, deal)

    assert [one.said for one in take(database)] == [Verdict.BOUGHT, None]


def test_what_is_said_while_an_edit_is_under_way_is_shown_by_another(told: tuple[Database, int]) -> None:
    """The first edit overwrites the mark with what was true when it was taken; nobody else's is made twice."""
    database, deal = told
    gone(database, deal)
    first = take(database)
    says(database, ADA, Verdict.GONE, NOW + timedelta(seconds=70))
    for one in first:
        settle(database, one)
    again = take(database, after=71)

    assert [one.said for one in first] == [None, None]
    assert [(one.chat_id, one.said) for one in again] == [(ADA, Verdict.GONE)]


def test_what_is_said_of_a_message_that_is_true_edits_nothing(told: tuple[Database, int]) -> None:
    """Its press has marked it already."""
    database, _ = told
    says(database, ADA, Verdict.WRONG, NOW + MINUTE)

    assert take(database, after=120) == []


def test_an_edit_is_made_once_over_several_bots(told: tuple[Database, int]) -> None:
    """Four at once; each message is one bot's until its lease ends, and settled it is nobody's."""
    database, deal = told
    gone(database, deal)
    barrier, found = threading.Barrier(4), list[Strike]()

    def one_bot() -> None:
        barrier.wait(30)
        found.extend(take(database, limit=1))

    bots = [threading.Thread(target=one_bot) for _ in range(4)]
    for bot in bots:
        bot.start()
    for bot in bots:
        bot.join()

    assert sorted(one.chat_id for one in found) == [ADA, BOB]
    assert all(settle(database, one) for one in found)
    assert take(database, after=600) == []
    assert [row.struck_at for row in outbox(database)] == [NOW + MINUTE] * 2


def test_a_bot_that_dies_leaves_its_edit_to_others(told: tuple[Database, int]) -> None:
    """When the lease ends; what comes back late changes nothing."""
    database, deal = told
    gone(database, deal)
    (late, _), (second, _) = take(database), take(database, after=91)

    assert take(database, after=90) == []
    assert late.id == second.id
    assert settle(database, second)
    assert not settle(database, late, NOW + 2 * MINUTE)
    assert outbox(database)[0].struck_at == NOW + MINUTE


def test_a_change_while_an_edit_is_under_way_is_another_edit(told: tuple[Database, int]) -> None:
    """First dearer, then gone."""
    database, deal = told
    change(database, deal, buy=1300)
    first = take(database)
    gone(database, deal, NOW + 2 * MINUTE)
    for one in first:
        settle(database, one)
    second = take(database, after=121)

    assert [one.gone_at for one in (*first, *second)] == [None, None, NOW + 2 * MINUTE, NOW + 2 * MINUTE]


def test_a_message_on_its_way_is_struck_when_it_has_arrived(database: Database) -> None:
    """The deal ended between the claim and Telegram's answer."""
    subscribed(database, ADA)
    deal = owe(database, [ADA], at=NOW).id
    (alert,) = claim(database).alerts
    gone(database, deal)

    assert take(database) == []
    send(database, alert)
    assert [one.chat_id for one in take(database)] == [ADA]


def test_what_was_never_sent_is_never_edited(database: Database) -> None:
    """It ends as gone when its turn comes."""
    subscribed(database, ADA)
    gone(database, owe(database, [ADA], at=NOW).id)

    assert claim(database).alerts == []
    assert take(database) == []


def test_old_messages_are_left_alone(told: tuple[Database, int]) -> None:
    """After a day nobody thinks of them; an edit that could not be made for a day is dropped."""
    database, deal = told
    day = timedelta(days=1)

    assert gone(database, deal, NOW + day) == 0
    assert gone(database, deal, NOW + day - MINUTE) == 2
    assert take(database, after=day.total_seconds() + 1) == []
    assert {row.strike_due_at for row in outbox(database)} == {None}


def test_resting_and_blocked_chats_are_passed_over(told: tuple[Database, int]) -> None:
    """One may be written to later, the other never."""
    database, deal = told
    gone(database, deal)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE chats SET state = 'blocked' WHERE id = 2")

    assert take(database, resting=(ADA,)) == []
    assert [one.chat_id for one in take(database)] == [ADA]
    assert [row.strike_due_at is None for row in outbox(database)] == [False, True]


def test_an_edit_is_tried_again_from_its_time(told: tuple[Database, int]) -> None:
    """Telegram asked to wait."""
    database, deal = told
    gone(database, deal)
    ada, bob = take(database)
    with database.transaction() as session:
        strikes.again(session, ada, NOW + 3 * MINUTE)
    settle(database, bob, None)

    assert take(database, after=179) == []
    assert [one.id for one in take(database, after=180)] == [ada.id]
    assert [row.struck_at for row in outbox(database)] == [None, None]


def test_deals_that_nothing_confirms_are_struck_and_announced(told: tuple[Database, int]) -> None:
    """The reaper closes them."""
    database, _ = told
    with database.transaction() as session:
        assert opportunities.close_unconfirmed(session, "csgo", NOW + MINUTE, NOW + MINUTE) == 1

    assert {one.gone_reason for one in take(database)} == {"unconfirmed"}


def test_other_kinds_are_never_struck(told: tuple[Database, int]) -> None:
    """They have no deal that could end."""
    database, deal = told
    owe_other(database, ADA, Kind.WATCH)
    (alert,) = claim(database).alerts
    send(database, alert)
    gone(database, deal)

    assert {type(row) for row in outbox(database)} == {Alert}
    assert len(take(database)) == 2
