"""The pace of a process that knows nothing of the others."""

import pytest

from bot.local_pace import CHAT_SECONDS, GAP_SECONDS, PROCESSES, SETTLE_SECONDS, LocalPace
from bot.permits import Later, Permit, Priority

ADA, BOB, GROUP = 501, 502, -77


def test_six_processes_together_keep_the_limit() -> None:
    """Each books a sixth of the places, and none before what the shared log allowed lies behind."""
    pace = LocalPace()
    pace.begin(100.0)
    first = pace.take(ADA, Priority.ANSWER, 100.0)
    second = pace.take(BOB, Priority.ANSWER, 100.0)

    assert isinstance(first, Permit)
    assert isinstance(second, Permit)
    assert first.at == pytest.approx(100.0 + SETTLE_SECONDS)
    assert second.at - first.at == pytest.approx(GAP_SECONDS)
    assert PROCESSES / GAP_SECONDS < 30


def test_a_chat_rests_and_shows_so() -> None:
    """A private one for two seconds, a group so long that six processes send it fewer than 20 a minute."""
    pace = LocalPace()
    for chat in (ADA, GROUP):
        pace.take(chat, Priority.ANSWER, 100.0)
    private, group = pace.take(ADA, Priority.ALERT, 100.0), pace.take(GROUP, Priority.ALERT, 110.0)

    assert isinstance(private, Later)
    assert isinstance(group, Later)
    assert private.chat
    assert private.seconds == pytest.approx(CHAT_SECONDS)
    assert PROCESSES * 60 / (group.seconds + 10) < 20
    assert pace.look(101.0).resting == [ADA, GROUP]
    assert pace.look(103.0).resting == [GROUP]


def test_an_alert_waits_where_an_answer_may_book_ahead() -> None:
    """As with the shared budget."""
    pace = LocalPace()
    for chat in range(1, 5):
        pace.take(chat, Priority.ANSWER, 100.0)

    assert isinstance(pace.take(ADA, Priority.ALERT, 100.0), Later)
    assert isinstance(pace.take(BOB, Priority.ANSWER, 100.0), Permit)


def test_a_refused_private_chat_holds_up_all_and_a_group_only_itself() -> None:
    """Nobody can say here whether it was the chat's own limit."""
    pace = LocalPace()
    pace.refused(GROUP, 160.0)
    alone = pace.held(100.0)
    pace.refused(ADA, 130.0)

    assert alone == 0
    assert pace.held(100.0) == 30.0
    assert pace.look(100.0).wait == 30.0
    assert pace.look(131.0).resting == [GROUP]
