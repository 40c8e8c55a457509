from dataclasses import replace
from typing import Any

import pytest

from tests.faults.evidence import Ended, Message
from tests.faults.plan import Kind, Part
from tests.unit.faults.made_up import CHAT, GOOD, LIFE, MESSAGE, ROW, after, trouble

BOT_KILLED = trouble(Part.BOT, Kind.KILL, 112.0, 113.0)
OTHER = replace(LIFE, offer_id="offer-2", since=0.0)


def test_a_good_run_breaks_no_promise() -> None:
    """The checker is not simply against everything."""
    assert after().violations == []


BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "a deal that nobody was told of": ("lost", {"alerts": [], "messages": []}),
    "a deal that one of two chats was not told of": ("lost", {"chats": frozenset({CHAT, 1})}),
    "a message without a row": ("untrue", {"messages": [MESSAGE, Message(CHAT, 9, 150.0)]}),
    "an offer that was never there": ("untrue", {"lives": []}),
    "an offer that was there at another price": ("untrue", {"lives": [replace(LIFE, buy=900)]}),
    "an offer that was gone at its proof": ("untrue", {"lives": [replace(LIFE, until=105.0)]}),
    "an offer that came long after its proof": ("untrue", {"lives": [replace(LIFE, since=140.0)]}),
    "a trap": ("untrue", {"traps": frozenset({LIFE.title})}),
    "an alert older than it may be": ("late", {"messages": [replace(MESSAGE, at=260.0)]}),
    "a repetition without a reason": ("repeated", {"messages": [MESSAGE, replace(MESSAGE, at=115.0)]}),
    "a repetition after one attempt": (
        "repeated",
        {"messages": [MESSAGE, replace(MESSAGE, at=115.0)], "troubles": [BOT_KILLED]},
    ),
    "a second repetition": (
        "repeated",
        {
            "messages": [replace(MESSAGE, at=at) for at in (111.0, 141.0, 171.0)],
            "alerts": [replace(ROW, attempts=3)],
            "troubles": [BOT_KILLED],
        },
    ),
    "two rows for one offer": (
        "repeated",
        {"alerts": [ROW, replace(ROW, id=2)], "messages": [MESSAGE, replace(MESSAGE, alert_id=2)]},
    ),
    "a row that never ended": ("unfinished", {"alerts": [replace(ROW, state="sending", finished_at=None)]}),
    "sent and never arrived": ("lost", {"messages": [], "lives": [replace(LIFE, until=112.0)]}),
    "arrived and called expired": ("misrecorded", {"alerts": [replace(ROW, state="expired", reason="too_late")]}),
    "struck out and never told": ("untrue edit", {"edits": [Message(CHAT, 9, 150.0)]}),
    "struck out without a record": ("misrecorded", {"edits": [MESSAGE]}),
    "recorded as struck out and never seen": ("misrecorded", {"alerts": [replace(ROW, struck_at=210.0)]}),
    "refused by Telegram": ("misrecorded", {"alerts": [replace(ROW, state="failed", reason="refused")]}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_promise_is_a_sentence(what: str) -> None:
    """It begins with the word for its kind."""
    word, changes = BROKEN[what]

    said = after(**changes).violations

    assert said
    assert said[0].startswith(f"{word}: ")


UNTOLD: dict[str, tuple[str, dict[str, Any]]] = {
    "gone while it was there": ("untrue end", {"state": "suppressed", "reason": "gone"}),
    "moved while it was there": ("untrue end", {"state": "suppressed", "reason": "moved"}),
    "blocked by nobody": ("untrue end", {"state": "failed", "reason": "blocked"}),
    "too late with nothing wrong": ("lost", {"state": "expired", "reason": "too_late"}),
    "unknown with nothing wrong": ("lost", {"state": "failed", "reason": "unknown"}),
}


@pytest.mark.parametrize("what", UNTOLD)
def test_an_alert_that_was_not_told_needs_a_true_reason(what: str) -> None:
    """What its row says is held against the exchange and the outages."""
    word, changes = UNTOLD[what]

    said = after(alerts=[replace(ROW, **changes)], messages=[]).violations

    assert said[0].startswith(f"{word}: ")


def test_an_alert_may_end_untold_when_its_reason_holds() -> None:
    """Gone because the offer was taken; it is counted."""
    row = replace(ROW, state="suppressed", reason="gone", finished_at=118.0)

    found = after(alerts=[row], messages=[], lives=[replace(LIFE, until=115.0)], ended=[])

    assert found.violations == []
    assert found.counted["alert not told, ended as suppressed: gone"] == 1


def test_an_opportunity_must_not_end_while_its_offer_is_there() -> None:
    """`upstream down` never reads as `no deals`."""
    ended = Ended(LIFE.title, LIFE.offer_id, LIFE.buy, 150.0, "no_offer")

    found = after(ended=[ended], troubles=[trouble(Part.EXCHANGE, Kind.EMPTY, 140.0, 160.0)])

    assert found.violations[0].startswith("untrue end: ")


def test_one_repetition_after_a_lost_answer_is_counted() -> None:
    """Between Telegram's acceptance and the record of it lies the only window."""
    twice = [MESSAGE, replace(MESSAGE, at=141.0)]

    found = after(messages=twice, alerts=[replace(ROW, attempts=2, reason="resent")], troubles=[BOT_KILLED])

    assert found.violations == []
    assert found.counted["alert told twice: its first answer or the record of it was lost"] == 1


def test_what_changed_twice_may_be_struck_out_twice() -> None:
    """First dearer, then gone; it is counted."""
    edits = [replace(MESSAGE, at=at) for at in (150.0, 206.0)]

    found = after(edits=edits, alerts=[replace(ROW, struck_at=206.0)])

    assert found.violations == []
    assert found.counted["alert struck out again: its deal changed again, or the first answer was lost"] == 1


def test_an_alert_whose_answers_were_all_lost_is_not_sent_a_third_time() -> None:
    """Nobody knows whether it arrived: its row says so, and it is counted."""
    row = replace(ROW, state="failed", reason="unknown", attempts=2, finished_at=170.0)

    found = after(alerts=[row], messages=[], troubles=[trouble(Part.TELEGRAM, Kind.SILENT, 111.0, 120.0)])

    assert found.violations == []
    assert found.counted["alert not told, ended as failed: unknown"] == 1


@pytest.mark.parametrize(
    "troubles",
    [
        [trouble(Part.EXCHANGE, Kind.ERRORS, 100.0 + at, 101.0 + at) for at in (0, 30, 60, 90)],
        [trouble(Part.WORKER, Kind.CLOCK, 99.0, 120.0, -40)],
    ],
)
def test_a_deal_is_not_owed_while_something_is_wrong(troubles: list[Any]) -> None:
    """An outage is felt for 30 s after its end, a clock as long as it was wrong by."""
    found = after(alerts=[], messages=[], ended=[], troubles=troubles)

    assert found.violations == []
    assert found.counted["deal not told: it was not there long enough with nothing wrong"] == 1


def test_two_beats_and_doubled_messages_are_no_outage() -> None:
    """They excuse nothing."""
    harmless = [
        trouble(Part.BEAT, Kind.TWIN, 100.0, 200.0),
        trouble(Part.MESSAGES, Kind.DOUBLED, 100.0, 200.0),
        trouble(Part.MESSAGES, Kind.LATE, 100.0, 200.0),
    ]

    assert after(alerts=[], messages=[], troubles=harmless).violations[0].startswith("lost: ")


def test_a_deal_hidden_by_sales_read_before_it_is_not_owed_meanwhile() -> None:
    """SALES_MAX_AGE is the product's own rule."""
    assert after(alerts=[], messages=[], ended=[], lives=[replace(LIFE, hidden_until=185.0)]).violations == []
    assert after(alerts=[], messages=[], ended=[], lives=[replace(LIFE, hidden_until=160.0)]).violations


def test_other_offers_of_a_title_that_got_another_past_may_be_told_while_the_old_sales_count() -> None:
    """The sandbox rewrites a title's sales when a deal is planted; Skinbeat may rely on what it read before."""
    other = replace(LIFE, offer_id="offer-2", since=100.0, until=105.0, hidden_until=160.0)

    found = after(lives=[other])

    assert found.violations == []
    assert found.counted["alert on another offer of a title that was planted in after its sales were read"] == 1
    assert after(lives=[replace(other, hidden_until=0.0)]).violations
    assert after(lives=[replace(other, title="another")]).violations


@pytest.mark.parametrize(("buy", "owed"), [(970, True), (971, False), (1100, False)])
def test_a_moved_price_is_owed_when_it_is_three_percent_cheaper(buy: int, *, owed: bool) -> None:
    """Than every former one: whichever of them Skinbeat saw last."""
    moved = replace(LIFE, offer_id="offer-2", buy=buy, former=(1000,))

    found = after(lives=[replace(LIFE, until=110.5), moved], ended=[])

    assert bool(found.violations) is owed


def test_a_chat_that_blocked_the_bot_is_owed_nothing() -> None:
    """Its alerts still have to end for that reason."""
    row = replace(ROW, id=2, chat_id=7, state="failed", reason="blocked")

    found = after(chats=frozenset({CHAT, 7}), forbidden=frozenset({7}), alerts=[ROW, row])

    assert found.violations == []


def test_a_wrong_clock_moves_what_a_process_writes_down() -> None:
    """An alert proven by a clock 20 s fast is held against the market 20 s either way."""
    fast = replace(ROW, proof_at=LIFE.until + 15)
    told = replace(MESSAGE, at=199.0)

    wrong = [trouble(Part.WORKER, Kind.CLOCK, 190.0, 210.0, 20)]

    assert after(alerts=[fast], messages=[told]).violations
    assert after(alerts=[fast], messages=[told], troubles=wrong).violations == []


def test_the_longest_healthy_stretch_is_found_between_outages() -> None:
    """From the end of one's recovery to the beginning of the next."""
    evidence = replace(
        GOOD,
        troubles=[trouble(Part.BOT, Kind.KILL, 110.0, 112.0), trouble(Part.BOT, Kind.KILL, 170.0, 171.0)],
    )

    assert evidence.healthy_stretch(100.0, 175.0) == pytest.approx(170.0 - 142.0)
    assert evidence.healthy_stretch(100.0, 105.0) == pytest.approx(5.0)
    assert OTHER.alive(0.0, 1.0)
