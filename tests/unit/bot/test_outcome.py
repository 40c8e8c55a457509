from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outcome import Kind, Outcome, of_error


@pytest.fixture(autouse=True)
def _time_spans_as_the_process_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def caused_by(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Kind.BLOCKED),
        (BadRequest("Bad Request: chat not found"), Kind.BLOCKED),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Kind.BLOCKED),
        (BadRequest("Bad Request: can't parse entities"), Kind.REFUSED),
        (InvalidToken(), Kind.TOKEN),
        (NetworkError("Internal Server Error"), Kind.AGAIN),
        (caused_by(NetworkError("Bad Gateway"), TelegramError("Invalid server response")), Kind.AGAIN),
        (caused_by(NetworkError("refused"), httpx.ConnectError("refused")), Kind.AGAIN),
        (caused_by(TimedOut(), httpx.ConnectTimeout("slow")), Kind.AGAIN),
        (caused_by(TimedOut(), httpx.PoolTimeout("busy")), Kind.AGAIN),
        (caused_by(TimedOut(), httpx.ReadTimeout("slow")), Kind.UNKNOWN),
        (caused_by(NetworkError("closed"), httpx.RemoteProtocolError("closed")), Kind.UNKNOWN),
        (caused_by(NetworkError("bug"), ValueError("bug")), Kind.UNKNOWN),
        (TelegramError("Invalid server response"), Kind.UNKNOWN),
        (Conflict("Conflict"), Kind.UNKNOWN),
    ],
)
def test_an_error_is_read_as_what_it_means_for_the_message(error: TelegramError, kind: Kind) -> None:
    """Only what certainly did not arrive may be tried again at once."""
    outcome = of_error(error)

    assert outcome == Outcome(kind, text=error.message)


def test_flood_control_says_how_long_to_wait() -> None:
    """In seconds, fractions included."""
    outcome = of_error(RetryAfter(timedelta(seconds=7.5)))

    assert (outcome.kind, outcome.seconds) == (Kind.WAIT, 7.5)


def test_a_migrated_chat_says_its_new_id() -> None:
    """The id of the supergroup."""
    outcome = of_error(ChatMigrated(-100_123))

    assert (outcome.kind, outcome.number) == (Kind.MIGRATED, -100_123)
