"""Messages of every kind in one outbox: owed once, ordered by turn, none starved."""

import threading
from datetime import timedelta

import pytest

from domain.kinds import DEALS, Kind, Loudness
from models.database import Database
from models.queries import alerts, chats, claims, handover
from models.queries.alerts import ClaimedAlert
from tests.factories import NOW
from tests.integration.bot.outbox_rows import DAY, claim, manner, only, owe_other, send
from tests.integration.bot.rows import chat_row, outbox, owe, subscribed

ADA, BOB, EVE = 1, 2, 3
OTHERS = sorted(set(Kind) - DEALS)


@pytest.fixture
def people(database: Database) -> Database:
    subscribed(database, ADA, BOB, EVE)
    return database


@pytest.mark.parametrize("kind", OTHERS)
def test_a_message_is_owed_once_per_chat_and_key(people: Database, kind: Kind) -> None:
    """The same key of another chat or kind is another message; a chat that is not there gets none."""
    other = Kind.WATCH if kind is not Kind.WATCH else Kind.DIGEST
    first, again = owe_other(people, ADA, kind), owe_other(people, ADA, kind)

    assert (first, again) == (True, False)
    assert owe_other(people, BOB, kind)
    assert owe_other(people, ADA, other)
    assert not owe_other(people, 999, kind)


def test_a_message_carries_its_values_and_its_chat(people: Database) -> None:
    """The payload as it was given, no proof, the language of the chat."""
    owe_other(people, ADA, Kind.NOTICE, payload={"text": "★"}, silent=True, priority=3)
    (alert,) = claim(people).alerts

    assert (alert.kind, alert.payload, alert.proof, alert.silent) == (Kind.NOTICE, {"text": "★"}, None, True)
    assert (alert.language, alert.thread_id) == ("en", None)
    assert only(people, Kind.NOTICE).priority == 3


def test_many_chats_are_owed_the_same_at_once(people: Database) -> None:
    """Except those that want none of the kind."""
    manner(people, BOB, Kind.NOTICE, loudness=Loudness.OFF)
    with people.transaction() as session:
        everybody = [ADA, BOB, EVE, 999]
        number = alerts.owe_all(session, everybody, Kind.NOTICE, "1", {}, now=NOW, expires_at=NOW + DAY)

    assert number == 2
    assert [row.chat_id for row in outbox(people)] == [ADA, EVE]


def test_a_deal_has_its_kind_priority_and_number_of_chats(people: Database) -> None:
    """From the opportunity, and from whoever chose the chats."""
    row = owe(people, [], at=NOW, cents_per_day=300, exit="patient")
    with people.transaction() as session:
        terms = {"now": NOW, "expires_at": NOW + DAY}
        alerts.create(session, row.id, row.offer_id, row.buy, [ADA], told=12, **terms)
    (alert,) = claim(people).alerts

    assert (alert.kind, alert.told) == (Kind.PATIENT, 12)
    assert only(people, Kind.PATIENT).priority == 6


def test_a_strong_deal_overtakes_weak_ones(people: Database) -> None:
    """Among all chats and in one; what is equally strong comes in order."""
    owe(people, [ADA, BOB], at=NOW - timedelta(seconds=20), title="weak", cents_per_day=8)
    owe(people, [ADA, EVE], at=NOW - timedelta(seconds=2), title="strong", cents_per_day=800)
    found = [(alert.chat_id, title_of(alert)) for alert in claim(people).alerts]

    assert found == [(ADA, "strong"), (EVE, "strong"), (BOB, "weak")]


def test_a_weak_deal_is_not_starved(people: Database) -> None:
    """It waited for as long as it may be overtaken, then it goes before strong ones that come after."""
    owe(people, [ADA], at=NOW - timedelta(seconds=95), title="weak", cents_per_day=0, lasts=DAY)
    for age in range(5):
        owe(people, [BOB, EVE], at=NOW - timedelta(seconds=age), title=f"strong {age}", cents_per_day=9999)

    assert [title_of(alert) for alert in claim(people, limit=1).alerts] == ["weak"]


def test_bulk_stands_before_no_deal_and_is_not_starved(people: Database) -> None:
    """Digests wait while deals do, except in a tenth of each second, in which they go first."""
    owe_other(people, ADA, Kind.DIGEST, now=NOW - DAY / 2)
    owe(people, [BOB, EVE], at=NOW)

    assert {alert.kind for alert in claim(people, limit=2, after=0.5).alerts} == {Kind.INSTANT}
    assert [alert.kind for alert in claim(people, limit=1, after=0.6).alerts] == [Kind.DIGEST]


def test_bulk_goes_first_in_its_tenth_of_a_second(people: Database) -> None:
    """However many deals wait."""
    owe_other(people, ADA, Kind.DIGEST)
    owe(people, [BOB, EVE], at=NOW)

    assert [alert.kind for alert in claim(people, limit=1, after=1.15).alerts] == [Kind.DIGEST]


def test_a_chat_with_much_to_come_does_not_hold_up_others(people: Database) -> None:
    """More rows of one chat than a claim looks at: the next claim passes them over."""
    for number in range(claims.WINDOW + 10):
        owe_other(people, ADA, Kind.WATCH, str(number))
    owe_other(people, BOB, Kind.WATCH, now=NOW + timedelta(milliseconds=100))
    first, second = claim(people, limit=2), claim(people, limit=2)

    assert [alert.chat_id for alert in (*first.alerts, *second.alerts)] == [ADA, BOB]


def test_bots_that_claim_at_once_take_each_message_once(people: Database) -> None:
    """Kinds and chats mixed, two bots, until nothing is left."""
    for number in range(6):
        for chat_id in (ADA, BOB, EVE):
            owe_other(people, chat_id, Kind.WATCH, str(number))
    barrier, taken = threading.Barrier(2), list[ClaimedAlert]()

    def one_bot() -> None:
        barrier.wait(30)
        for _ in range(60):
            for alert in claim(people, limit=2).alerts:
                taken.append(alert)
                send(people, alert)

    bots = [threading.Thread(target=one_bot) for _ in range(2)]
    for bot in bots:
        bot.start()
    for bot in bots:
        bot.join()

    assert sorted(alert.id for alert in taken) == [row.id for row in outbox(people)]
    assert {row.state for row in outbox(people)} == {"sent"}


@pytest.mark.parametrize(("kind", "counts"), [(Kind.WATCH, True), (Kind.DIGEST, True), (Kind.SILENCE, False)])
def test_a_chat_that_was_told_something_remembers_when(people: Database, kind: Kind, counts: bool) -> None:
    """An explanation of silence does not end it."""
    owe_other(people, ADA, kind)
    (alert,) = claim(people).alerts
    send(people, alert, after=1)
    ada = chat_row(people, ADA)

    assert ada
    assert (ada.told_at is not None) == counts


@pytest.mark.parametrize("end", ["blocked", "stopped"])
def test_a_chat_that_leaves_waits_for_nothing(people: Database, end: str) -> None:
    """Every kind ends, also what is held for later."""
    owe_other(people, ADA, Kind.DIGEST)
    owe_other(people, ADA, Kind.WATCH, not_before=NOW + timedelta(hours=1))
    owe(people, [ADA], at=NOW)
    with people.transaction() as session:
        if end == "blocked":
            chats.mark_blocked(session, ADA, "Forbidden: bot was blocked", NOW)
        else:
            chats.stop(session, ADA, NOW)

    assert {(row.reason or "").partition(":")[0] for row in outbox(people)} == {end}


def test_a_group_takes_every_kind_along_when_it_migrates(people: Database) -> None:
    """To a chat that is known: what both are owed ends once, the rest follows, held or not."""
    for chat_id in (ADA, BOB):
        owe_other(people, chat_id, Kind.DIGEST, "both")
    owe_other(people, ADA, Kind.NOTICE, "own")
    owe_other(people, ADA, Kind.WATCH, "later", not_before=NOW + timedelta(hours=1))
    with people.transaction() as session:
        merged = chats.migrate(session, ADA, BOB, NOW)

    assert merged == 1
    assert [(row.kind, row.chat_id, row.reason) for row in outbox(people)] == [
        ("digest", ADA, "merged"),
        ("digest", BOB, None),
        ("notice", BOB, None),
        ("watch", BOB, None),
    ]


def test_what_is_held_expires_too(people: Database) -> None:
    """In the same sweep."""
    owe_other(people, ADA, Kind.WATCH, not_before=NOW + timedelta(hours=1), expires_at=NOW + timedelta(minutes=1))
    with people.transaction() as session:
        expired = handover.expire_due(session, NOW + timedelta(minutes=2))

    assert expired == 1
    assert only(people, Kind.WATCH).reason == "too_late"


def title_of(alert: ClaimedAlert) -> str:
    assert alert.proof
    return alert.proof.title
