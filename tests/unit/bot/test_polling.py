import json

import pytest
from structlog.testing import capture_logs
from telegram.error import Conflict, NetworkError

from bot.polling import PollErrors, PollRequest, readable

POLLED = Conflict("Conflict: terminated by other getUpdates request")
WEBHOOK = Conflict("Conflict: can't use getUpdates method while webhook is active")


def test_each_kind_of_error_is_said_once_a_minute() -> None:
    """A hundred conflicts within a minute are one line."""
    say = PollErrors(lambda: False)
    with capture_logs() as lines:
        for _ in range(100):
            say(Conflict("terminated by other getUpdates request"))
            say(NetworkError("no route"))

    assert len(lines) == 2


def test_polling_is_not_ready_before_the_first_answer() -> None:
    """A bot that never reached Telegram is not ready."""
    assert PollRequest(lambda: None).check() == "Telegram has not answered yet"


def test_a_change_of_hands_is_not_worth_a_line() -> None:
    """It is remembered: whoever does not hold the lease ends then."""
    errors = PollErrors(lambda: True)
    with capture_logs() as lines:
        errors(POLLED)

    assert errors.contested
    assert lines == []


def test_a_stranger_with_the_same_token_is() -> None:
    """Once a minute, and polling does not begin anew for it."""
    errors = PollErrors(lambda: False)
    with capture_logs() as lines:
        errors(POLLED)
        errors(POLLED)

    (line,) = lines
    assert line["event"].endswith("stop one")
    assert not errors.webhook


def test_a_webhook_in_the_way_is_told_apart() -> None:
    """Removing it helps, waiting does not; a new beginning forgets it."""
    errors = PollErrors(lambda: False)
    errors(WEBHOOK)
    found = errors.webhook, errors.contested
    errors.forget()

    assert found == (True, False)
    assert not errors.webhook


def test_other_errors_have_a_line_each() -> None:
    """With Telegram's words."""
    errors = PollErrors(lambda: True)
    with capture_logs() as lines:
        errors(NetworkError("Bad Gateway"))

    (line,) = lines
    assert line["reason"] == "NetworkError: Bad Gateway"


def test_an_update_that_cannot_be_read_is_passed_over() -> None:
    """Only its number stays, so that the next poll asks for what comes after it; the others are as they were."""
    good = {"update_id": 7, "message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "a"}}
    bad = {"update_id": 8, "message": {"message_id": "no date"}}
    answer = json.loads(readable(json.dumps({"ok": True, "result": [good, bad]}).encode()))

    assert answer == {"ok": True, "result": [good, {"update_id": 8}]}


@pytest.mark.parametrize("payload", [b'{"ok":true,"result":[]}', b'{"ok":true,"result":true}', b"{", b"[]"])
def test_an_answer_without_such_an_update_stays_as_it_was(payload: bytes) -> None:
    """Also one that is no list of updates: the library says what is wrong with it."""
    assert readable(payload) == payload
