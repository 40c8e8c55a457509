import threading
from datetime import timedelta

import psycopg2
import pytest
from sqlalchemy import text

from models.alerts import AlertState
from models.database import Database
from models.queries import alerts, chats, claims, handover
from models.queries.alerts import CHANNEL, ClaimedAlert, Reason
from tests.factories import NOW
from tests.integration.bot.rows import an_opportunity, chat_row, outbox, owe, states, subscribed
from tests.unit.bot.proofs import a_proof

LEASE = timedelta(seconds=30)
ADA, BOB, EVE = 1, 2, 3


def claim(database: Database, *, after: int = 0, limit: int = 10, resting: tuple[int, ...] = ()) -> claims.Claim:
    """What a bot gets `after` seconds past NOW."""
    with database.transaction() as session:
        return claims.claim(session, NOW + timedelta(seconds=after), LEASE, limit, resting)


def claim_one(database: Database, after: int = 0) -> ClaimedAlert:
    (alert,) = claim(database, after=after).alerts
    return alert


def title_of(alert: ClaimedAlert) -> str:
    assert alert.proof
    return alert.proof.title


def hand_over(database: Database, alert: ClaimedAlert, after: int = 0) -> ClaimedAlert | None:
    with database.transaction() as session:
        return handover.mark_sending(session, alert, NOW + timedelta(seconds=after), LEASE)


@pytest.fixture
def people(database: Database) -> Database:
    subscribed(database, ADA, BOB, EVE)
    return database


def test_an_offer_at_a_price_is_owed_once_per_chat(people: Database) -> None:
    """Creating again adds nothing; a chat that is not there is left out."""
    with people.transaction() as session:
        row = an_opportunity(session, NOW)
        numbers = [
            alerts.create(session, row.id, row.offer_id, row.buy, told, now=NOW, expires_at=NOW + LEASE)
            for told in ([ADA, BOB, 999], [ADA, BOB, EVE], [])
        ]

    assert numbers == [2, 1, 0]


def test_one_transaction_notifies_once_when_it_commits(people: Database, database_url: str) -> None:
    """However many alerts it made."""
    listener = psycopg2.connect(database_url)
    listener.autocommit = True
    listener.cursor().execute(f"LISTEN {CHANNEL}")
    with people.transaction() as session:
        alerts.notify(session)
        alerts.notify(session)
    listener.cursor().execute("SELECT 1")
    heard = len(listener.notifies)
    listener.close()

    assert heard == 1


def test_a_claim_carries_the_evidence(people: Database) -> None:
    """Everything that the message says, and until when the claim holds."""
    row = owe(people, [ADA], at=NOW, title="A ★ title")

    alert = claim_one(people)
    assert alert.proof == a_proof(title="A ★ title", offer_id=row.offer_id)
    assert (alert.chat_id, alert.chat_kind, alert.resent, alert.attempts) == (ADA, "private", False, 0)
    assert alert.lease_until == NOW + LEASE


def test_a_claimed_alert_stays_pending_and_is_nobody_elses(people: Database) -> None:
    """A crash before it is handed over costs nothing: it is there again when the lease ends."""
    owe(people, [ADA], at=NOW)
    first = claim_one(people)

    assert states(people) == [("pending", None)]
    assert claim(people, after=29).alerts == []
    again = claim_one(people, after=30)
    assert (again.id, again.resent) == (first.id, False)


def test_a_chat_has_one_alert_under_way_and_the_oldest_comes_first(people: Database) -> None:
    """The next one waits until the first has ended."""
    owe(people, [ADA], at=NOW - timedelta(seconds=2), title="first")
    owe(people, [ADA, BOB], at=NOW - timedelta(seconds=1), title="second")
    found = claim(people).alerts

    assert [(alert.chat_id, title_of(alert)) for alert in found] == [(ADA, "first"), (BOB, "second")]
    assert claim(people).alerts == []
    with people.transaction() as session:
        handover.finish(session, found[0], AlertState.FAILED, Reason.REFUSED, now=NOW)
    assert [title_of(alert) for alert in claim(people).alerts] == ["second"]


def test_a_resting_chat_is_passed_over_and_the_limit_is_kept(people: Database) -> None:
    """The others are served, oldest first."""
    owe(people, [ADA, BOB, EVE], at=NOW)

    assert [alert.chat_id for alert in claim(people, limit=1, resting=(ADA,)).alerts] == [BOB]


def test_bots_that_claim_at_once_never_share_a_chat(people: Database) -> None:
    """Eight at the same time over many alerts of three chats."""
    for _ in range(10):
        owe(people, [ADA, BOB, EVE], at=NOW)
    barrier, found = threading.Barrier(8), list[ClaimedAlert]()

    def one_bot() -> None:
        barrier.wait(30)
        found.extend(claim(people, limit=2).alerts)

    bots = [threading.Thread(target=one_bot) for _ in range(8)]
    for bot in bots:
        bot.start()
    for bot in bots:
        bot.join()

    assert sorted(alert.chat_id for alert in found) == [ADA, BOB, EVE]


def test_an_alert_is_handed_over_by_one_bot_only(people: Database) -> None:
    """Who slept through its lease finds that the claim is lost, and can neither send nor end it."""
    owe(people, [ADA], at=NOW)
    slow, quick = claim_one(people), claim_one(people, after=30)

    own = hand_over(people, quick, after=31)
    assert own is not None
    assert (own.attempts, own.lease_until) == (1, NOW + timedelta(seconds=61))
    assert hand_over(people, slow, after=31) is None
    with people.transaction() as session:
        assert not handover.finish(session, slow, AlertState.FAILED, Reason.REFUSED, now=NOW)
        assert not handover.retry_at(session, slow, NOW)
        assert not handover.release(session, slow)
    assert states(people) == [("sending", None)]


def test_an_acceptance_is_recorded_with_its_message(people: Database) -> None:
    """Once."""
    owe(people, [ADA], at=NOW)
    own = hand_over(people, claim_one(people))
    assert own
    with people.transaction() as session:
        reasons = [handover.mark_sent(session, own, 77, NOW) for _ in range(2)]
    (row,) = outbox(people)

    assert reasons == [Reason.DELIVERED, None]
    assert (row.state, row.reason, row.message_id, row.finished_at) == ("sent", "delivered", 77, NOW)
    assert row.lease_until is None


def test_a_released_alert_is_free_at_once(people: Database) -> None:
    """A bot that stops gives back what it has not handed over."""
    owe(people, [ADA], at=NOW)
    with people.transaction() as session:
        assert handover.release(session, claim_one(people))

    assert claim_one(people).chat_id == ADA


def test_a_retry_waits_for_its_time(people: Database) -> None:
    """And counts the tries."""
    owe(people, [ADA], at=NOW)
    own = hand_over(people, claim_one(people))
    assert own
    with people.transaction() as session:
        handover.retry_at(session, own, NOW + timedelta(seconds=5))

    assert claim(people, after=4).alerts == []
    assert claim_one(people, after=5).attempts == 1


def test_a_lost_answer_is_worth_one_repetition(people: Database) -> None:
    """When its lease has ended; the second time it stays unknown."""
    owe(people, [ADA], at=NOW)
    hand_over(people, claim_one(people))
    assert claim(people, after=29).alerts == []
    second = claim_one(people, after=31)
    assert second.resent
    hand_over(people, second, after=31)
    third = claim(people, after=62)

    assert third.alerts == []
    assert states(people) == [("failed", "unknown")]
    assert third.endings == {(AlertState.FAILED, Reason.UNKNOWN): 1}


def test_a_repetition_that_arrives_is_recorded_as_one(people: Database) -> None:
    """Also after a crash between claiming it again and handing it over."""
    owe(people, [ADA], at=NOW)
    hand_over(people, claim_one(people))
    claim_one(people, after=31)
    own = hand_over(people, claim_one(people, after=62), after=62)
    assert own
    with people.transaction() as session:
        assert handover.mark_sent(session, own, 78, NOW) == Reason.RESENT


def test_what_may_have_arrived_is_never_called_expired_or_gone(people: Database) -> None:
    """An unanswered alert that is too old to be repeated ends as unknown."""
    owe(people, [ADA], at=NOW, lasts=timedelta(seconds=20))
    hand_over(people, claim_one(people))
    claim(people, after=31)

    assert states(people) == [("failed", "unknown")]


@pytest.mark.parametrize("end", ["gone", "expired", "stopped"])
def test_a_repetition_that_was_put_off_is_still_unknown(people: Database, end: str) -> None:
    """Telegram asked to wait with it, and by its time the deal, the alert or the subscription had ended."""
    owe(people, [ADA], at=NOW, lasts=timedelta(seconds=60))
    hand_over(people, claim_one(people))
    again = hand_over(people, claim_one(people, after=31), after=31)
    assert again
    with people.transaction() as session:
        handover.retry_at(session, again, NOW + timedelta(seconds=50))

    with people.transaction() as session:
        if end == "expired":
            assert handover.expire_due(session, NOW + timedelta(seconds=70)) == 0
        elif end == "stopped":
            chats.stop(session, ADA, NOW)
        else:
            session.execute(text("UPDATE opportunities SET state = 'gone'"))
    claim(people, after=55)

    assert states(people) == [("failed", "unknown")]


@pytest.mark.parametrize(
    ("change", "ending"),
    [
        ("UPDATE opportunities SET state = 'gone'", (AlertState.SUPPRESSED, Reason.GONE)),
        ("UPDATE opportunities SET buy = buy - 1", (AlertState.SUPPRESSED, Reason.MOVED)),
        ("UPDATE opportunities SET offer_id = 'other'", (AlertState.SUPPRESSED, Reason.MOVED)),
        ("UPDATE chats SET state = 'stopped'", (AlertState.SUPPRESSED, Reason.STOPPED)),
        ("UPDATE chats SET state = 'blocked'", (AlertState.FAILED, Reason.BLOCKED)),
        ("UPDATE alerts SET expires_at = created_at", (AlertState.EXPIRED, Reason.TOO_LATE)),
        ("UPDATE opportunities SET evidence = '{}'", (AlertState.FAILED, Reason.UNREADABLE)),
    ],
)
def test_what_is_no_longer_true_is_not_sent(people: Database, change: str, ending: tuple[AlertState, Reason]) -> None:
    """It ends with its reason, and does not stand in the way of others."""
    owe(people, [ADA], at=NOW)
    with people.engine.begin() as connection:
        connection.exec_driver_sql(change)
    found = claim(people)

    assert found.alerts == []
    assert found.endings == {ending: 1}
    assert states(people) == [(ending[0].value, ending[1].value)]


def test_what_is_too_old_expires_in_one_sweep(people: Database) -> None:
    """Except what a bot holds at the moment."""
    owe(people, [ADA, BOB], at=NOW, lasts=timedelta(seconds=20))
    claim(people, limit=1)
    with people.transaction() as session:
        expired = handover.expire_due(session, NOW + timedelta(seconds=21))

    assert expired == 1
    assert states(people) == [("pending", None), ("expired", "too_late")]


def test_refusals_keep_telegrams_words(people: Database) -> None:
    """Behind the reason, which itself stays one of a few words."""
    owe(people, [ADA], at=NOW)
    with people.transaction() as session:
        alert = claims.claim(session, NOW, LEASE, 1).alerts[0]
        handover.finish(session, alert, AlertState.FAILED, Reason.REFUSED, now=NOW, detail="Bad Request: no")

    assert states(people) == [("failed", "refused: Bad Request: no")]


def test_blocking_a_chat_ends_what_it_waits_for(people: Database) -> None:
    """Others still get theirs; what is in flight is left to whoever sent it."""
    owe(people, [ADA], at=NOW)
    hand_over(people, claim_one(people))
    owe(people, [ADA, BOB], at=NOW)
    with people.transaction() as session:
        ended = chats.mark_blocked(session, ADA, "Forbidden: kicked", NOW)
    ada = chat_row(people, ADA)

    assert ended == 1
    assert ada is not None
    assert ada.state == "blocked"
    assert states(people) == [("sending", None), ("failed", "blocked: Forbidden: kicked"), ("pending", None)]
