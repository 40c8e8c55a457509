from datetime import UTC, datetime, timedelta

import pytest

from sandbox.telegram.callbacks import Callback, CallbackBook
from sandbox.telegram.errors import ApiError
from sandbox.telegram.limits import SendLimits


def admitted(limits: SendLimits, chat_ids: list[int], now: float) -> int:
    """How many messages pass before the first refusal."""
    for number, chat_id in enumerate(chat_ids):
        try:
            limits.admit(chat_id, now)
        except ApiError:
            return number
    return len(chat_ids)


def test_thirty_messages_a_second_pass() -> None:
    """Over all chats, and again a second later."""
    limits = SendLimits()

    first = admitted(limits, list(range(1, 40)), 100)
    later = admitted(limits, list(range(1, 40)), 101)

    assert (first, later) == (30, 30)


def test_twenty_messages_a_minute_pass_into_a_group() -> None:
    """The refusal tells how many seconds to wait, and then one passes."""
    limits = SendLimits()
    first = admitted(limits, [-5] * 30, 100)

    with pytest.raises(ApiError) as caught:
        limits.admit(-5, 130.5)
    limits.admit(-5, 160)

    assert first == 20
    assert caught.value.parameters == {"retry_after": 30}
    assert not caught.value.permanent


def test_short_burst_passes_into_a_private_chat() -> None:
    """Five at once, then one a second on average."""
    limits = SendLimits()

    burst = admitted(limits, [5] * 10, 100)
    too_early = admitted(limits, [5], 104.9)
    later = admitted(limits, [5] * 10, 105)

    assert (burst, too_early, later) == (5, 0, 5)


def test_quiet_chats_are_forgotten() -> None:
    """A hundred thousand chats that each got one message cost no memory a minute later; what counts still counts."""
    limits = SendLimits()
    for number in range(100):
        limits.admit(number + 1, number / 10)
    limits.admit(-5, 69)

    full = admitted(limits, [-5] * 30, 70.5)

    assert set(limits._sent) == {-5}
    assert full == 19


def test_stale_presses_are_forgotten() -> None:
    """They are refused like those that never were; the fresh one is still answered, and numbers do not repeat."""
    book = CallbackBook(timedelta(seconds=60))
    start = datetime(2026, 11, 23, tzinfo=UTC)
    old = book.open(Callback(5, 1, 5, start))

    fresh = book.open(Callback(5, 2, 5, start + timedelta(seconds=61)))

    assert list(book._open) == [fresh]
    assert fresh != old
    assert book.take(fresh, start + timedelta(seconds=62)).message_id == 2
