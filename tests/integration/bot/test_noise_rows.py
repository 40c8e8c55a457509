"""What a chat asked for is kept when its messages are claimed: exactly, with a reason, by any number of bots."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.kinds import Kind, Loudness
from models.alerts import AlertState
from models.database import Database
from models.queries import handover, holding, manners
from models.queries.alerts import Reason
from tests.factories import NOW
from tests.integration.bot.outbox_rows import LEASE, claim, ends, manner, only, owe_other, send, wishes
from tests.integration.bot.rows import outbox, owe, subscribed

ADA, BOB = 1, 2
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NIGHT = {"zone": "Europe/Berlin", "quiet_from": 12 * 60 + 30, "quiet_until": 15 * 60}  # NOW is 13:00 in Berlin
END = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.fixture
def people(database: Database) -> Database:
    subscribed(database, ADA, BOB)
    return database


def let_go(database: Database, at: datetime) -> int:
    with database.transaction() as session:
        return holding.let_go(session, at)


def test_what_is_off_is_not_written(people: Database) -> None:
    """A deal or anything else; of other kinds and chats it is."""
    for kind in (Kind.INSTANT, Kind.WATCH):
        manner(people, ADA, kind, loudness=Loudness.OFF)
    row = owe(people, [ADA, BOB], at=NOW)

    assert not owe_other(people, ADA, Kind.WATCH)
    assert owe_other(people, ADA, Kind.DIGEST)
    assert [(one.chat_id, one.opportunity_id) for one in outbox(people) if one.offer_id] == [(BOB, row.id)]


def test_what_was_switched_off_meanwhile_ends(people: Database) -> None:
    """It was written before."""
    owe(people, [ADA], at=NOW)
    manner(people, ADA, Kind.INSTANT, loudness=Loudness.OFF)
    found = claim(people)

    assert found.alerts == []
    assert found.endings == {(AlertState.SUPPRESSED, Reason.OFF): 1}
    assert ends(people) == [("instant", "off")]


def test_a_silent_kind_is_sent_without_a_sound(people: Database) -> None:
    """To the chat that asked for it."""
    manner(people, ADA, Kind.INSTANT, loudness=Loudness.SILENT)
    owe(people, [ADA, BOB], at=NOW)

    assert [(alert.chat_id, alert.silent) for alert in claim(people).alerts] == [(ADA, True), (BOB, False)]


@pytest.mark.parametrize(("until", "muted"), [(None, True), (NOW + HOUR, True), (NOW, False)])
def test_a_muted_title_is_not_told(people: Database, until: datetime | None, muted: bool) -> None:
    """For good or for a while, to this chat."""
    row = owe(people, [ADA, BOB], at=NOW)
    with people.transaction() as session:
        manners.mute(session, ADA, row.item_id, until)
    told = [alert.chat_id for alert in claim(people).alerts]

    assert told == ([BOB] if muted else [ADA, BOB])
    assert ends(people)[0] == ("instant", "muted" if muted else "pending")


def test_what_is_muted_longer_stays_so(people: Database) -> None:
    """A second mute does not shorten the first; unmuting ends both."""
    item = owe(people, [ADA], at=NOW).item_id
    found = []
    with people.transaction() as session:
        for until in (NOW + 2 * HOUR, NOW + HOUR, None, NOW + HOUR):
            manners.mute(session, ADA, item, until)
            found.append(manners.muted(session, ADA, NOW)[0].until)

        assert found == [NOW + 2 * HOUR, NOW + 2 * HOUR, None, None]
        assert manners.muted(session, BOB, NOW) == []
        assert (manners.unmute(session, ADA, item), manners.unmute(session, ADA, item)) == (True, False)


def test_a_snooze_drops_deals_and_keeps_the_rest(people: Database) -> None:
    """Until it ends."""
    wishes(people, ADA, snoozed_until=NOW + HOUR)
    owe(people, [ADA], at=NOW)
    owe_other(people, ADA, Kind.WATCH)
    found = claim(people)

    assert (found.alerts, found.held) == ([], 1)
    assert ends(people) == [("instant", "snoozed"), ("watch", "held")]
    assert let_go(people, NOW + HOUR - timedelta(seconds=1)) == 0
    assert let_go(people, NOW + HOUR) == 1
    assert [alert.kind for alert in claim(people, after=3600.5).alerts] == [Kind.WATCH]


def test_a_full_day_ends_at_local_midnight(people: Database) -> None:
    """Two deals a day in Berlin: what was told before its midnight does not count."""
    wishes(people, ADA, zone="Europe/Berlin", daily_cap=2)
    told = []
    for hours in (-14, -1, 0, 1, 12):  # 23:00 of the day before, 12:00, 13:00, 14:00, 1:00 of the next day
        at = NOW + timedelta(hours=hours)
        owe(people, [ADA], at=at)
        found = claim(people, after=3600 * hours + 0.5)
        told.append(bool(found.alerts))
        for alert in found.alerts:
            send(people, alert, after=3600 * hours + 0.5)

    assert told == [True, True, True, False, True]
    assert [reason for _, reason in ends(people)] == ["delivered", "delivered", "delivered", "capped", "delivered"]


def test_two_bots_keep_a_cap_exactly(people: Database) -> None:
    """Thirty deals, both bots as quick as they can: three are told."""
    wishes(people, ADA, daily_cap=3)
    for _ in range(30):
        owe(people, [ADA], at=NOW)
    barrier = threading.Barrier(2)

    def one_bot() -> None:
        barrier.wait(30)
        for _ in range(30):
            for alert in claim(people).alerts:
                send(people, alert)

    bots = [threading.Thread(target=one_bot) for _ in range(2)]
    for bot in bots:
        bot.start()
    for bot in bots:
        bot.join()

    reasons = [reason for _, reason in ends(people)]
    assert (reasons.count("delivered"), reasons.count("capped")) == (3, 27)


def test_what_may_have_arrived_counts(people: Database) -> None:
    """Both answers were lost: the day is full all the same."""
    wishes(people, ADA, daily_cap=1)
    owe(people, [ADA], at=NOW, lasts=HOUR)
    for after in (0.5, 31.5):
        (alert,) = claim(people, after=after).alerts
        with people.transaction() as session:
            handover.mark_sending(session, alert, NOW + timedelta(seconds=after), LEASE)
    claim(people, after=62.5)
    owe(people, [ADA], at=NOW, lasts=HOUR)

    assert claim(people, after=63.5).alerts == []
    assert ends(people) == [("instant", "unknown"), ("instant", "capped")]


def test_a_cooldown_is_kept_between_messages_of_a_kind(people: Database) -> None:
    """The next deal waits for its end where it lives that long; another kind does not wait."""
    manner(people, ADA, Kind.INSTANT, cooldown=timedelta(seconds=60))
    for lasts in (HOUR, HOUR, timedelta(seconds=30)):
        owe(people, [ADA], at=NOW, lasts=lasts)
    owe(people, [ADA], at=NOW, exit="patient")
    (first,) = claim(people).alerts
    send(people, first)
    (other,) = claim(people, after=1.5).alerts

    assert other.kind is Kind.PATIENT
    assert ends(people)[:3] == [("instant", "delivered"), ("instant", "held"), ("instant", "cooldown")]
    assert let_go(people, NOW + timedelta(seconds=60)) == 0
    assert let_go(people, NOW + timedelta(seconds=61)) == 1


def test_quiet_hours_drop_deals_and_a_summary_tells_of_them(people: Database) -> None:
    """Once, at their end; what can wait does."""
    wishes(people, ADA, **NIGHT)
    for _ in range(2):
        owe(people, [ADA], at=NOW)
        claim(people)
    owe_other(people, ADA, Kind.WATCH)
    claim(people)
    summary = only(people, Kind.SUMMARY)

    assert ends(people) == [("instant", "quiet"), ("summary", "held"), ("instant", "quiet"), ("watch", "held")]
    assert (summary.next_attempt_at, only(people, Kind.WATCH).next_attempt_at) == (END, END)
    assert let_go(people, END - timedelta(seconds=1)) == 0
    assert let_go(people, END) == 2


def test_a_summary_says_what_is_still_open(people: Database) -> None:
    """The best five by gain a day, as they are when it is sent, and what else follows."""
    wishes(people, ADA, **NIGHT)
    rows = [owe(people, [ADA, BOB], at=NOW, cents_per_day=100 + n, title=f"deal {n}") for n in range(7)]
    owe_other(people, ADA, Kind.WATCH)
    for _ in range(8):
        for alert in claim(people, limit=20).alerts:
            send(people, alert)
    with people.transaction() as session:
        session.get_one(type(rows[6]), rows[6].id).state = "gone"
    let_go(people, END)
    news: dict[str, Any] = {}
    while not news:
        (alert,) = claim(people, after=7200.5).alerts
        news = dict(alert.payload) if alert.kind is Kind.SUMMARY else {}
        send(people, alert, after=7200.5)

    assert (news["matched"], news["still"], news["zone"]) == (7, 6, "Europe/Berlin")
    assert [deal["title"] for deal in news["best"]] == [f"deal {n}" for n in (5, 4, 3, 2, 1)]
    assert news["waiting"] == 0


def test_a_summary_comes_once_a_night_over_several_bots(people: Database) -> None:
    """Two bots drop deals of one night at the same time, also again after the summary was sent."""
    wishes(people, ADA, **NIGHT)
    for _ in range(20):
        owe(people, [ADA], at=NOW)
    barrier = threading.Barrier(2)

    def one_bot() -> None:
        barrier.wait(30)
        for _ in range(5):
            claim(people, limit=1)

    bots = [threading.Thread(target=one_bot) for _ in range(2)]
    for bot in bots:
        bot.start()
    for bot in bots:
        bot.join()
    let_go(people, END)
    (alert,) = claim(people, after=7200.5).alerts
    send(people, alert, after=7200.5)
    wishes(people, ADA, quiet_until=16 * 60)
    owe(people, [ADA], at=END)
    claim(people, after=7300.5)

    summaries = [row for row in outbox(people) if row.kind == Kind.SUMMARY]
    assert [(row.state, row.next_attempt_at) for row in summaries] == [("sent", END), ("held", END + HOUR)]


def test_a_chat_that_changes_its_pauses_need_not_wait_for_the_old_end(people: Database) -> None:
    """What is held is looked at again: here the night ends later, there it is over."""
    for chat_id in (ADA, BOB):
        wishes(people, chat_id, **NIGHT)
        owe_other(people, chat_id, Kind.WATCH)
    claim(people)
    wishes(people, ADA, quiet_until=16 * 60)
    wishes(people, BOB, quiet_from=None, quiet_until=None)
    with people.transaction() as session:
        assert [holding.look_again(session, chat_id, NOW) for chat_id in (ADA, BOB, 3)] == [1, 1, 0]
    let_go(people, NOW)
    (alert,) = claim(people).alerts

    assert alert.chat_id == BOB
    assert [row.next_attempt_at for row in outbox(people) if row.state == "held"] == [END + HOUR]


def test_what_was_held_does_not_stand_before_what_is_fresh(people: Database) -> None:
    """Its turn counts from the end of the pause."""
    wishes(people, ADA, **NIGHT)
    owe_other(people, ADA, Kind.WATCH, priority=0)
    claim(people)
    owe(people, [BOB], at=END, cents_per_day=9999)
    let_go(people, END)

    assert [alert.chat_id for alert in claim(people, after=7200.5, limit=1).alerts] == [BOB]


def test_manners_are_a_chats_own(people: Database) -> None:
    """Every kind has a value, one that was not set its default, and nobody else's changes."""
    manner(people, ADA, Kind.DIGEST, loudness=Loudness.SILENT)
    manner(people, ADA, Kind.DIGEST, cooldown=HOUR)
    with people.transaction() as session:
        ada, bob = manners.read(session, ADA), manners.read(session, BOB)

    assert ada[Kind.DIGEST] == manners.Manners(Loudness.SILENT, HOUR)
    assert set(ada) == set(Kind)
    assert {*bob.values()} == {manners.Manners()}
