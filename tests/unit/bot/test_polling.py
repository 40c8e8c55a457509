from structlog.testing import capture_logs
from telegram.error import Conflict, NetworkError

from bot.polling import PollErrors, PollRequest


def test_each_kind_of_error_is_said_once_a_minute() -> None:
    """A hundred conflicts within a minute are one line."""
    say = PollErrors()
    with capture_logs() as lines:
        for _ in range(100):
            say(Conflict("terminated by other getUpdates request"))
            say(NetworkError("no route"))

    assert len(lines) == 2


def test_polling_is_not_ready_before_the_first_answer() -> None:
    """A bot that never reached Telegram is not ready."""
    assert PollRequest(lambda: None).check() == "Telegram has not answered yet"
