"""What became of a message, read from Telegram's answer: the one place that knows its errors."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError


class Kind(StrEnum):
    SENT = "sent"
    WAIT = "wait"  # 429: not before `seconds` have passed
    BLOCKED = "blocked"  # the chat cannot be reached, and trying again does not help
    MIGRATED = "migrated"  # the chat is `number` now
    REFUSED = "refused"  # this message will never be taken
    AGAIN = "again"  # certainly not delivered; trying again helps
    UNKNOWN = "unknown"  # handed over, and the answer got lost
    UNREADABLE = "unreadable"  # not handed over: what is stored cannot be put into words
    TOKEN = "token"  # noqa: S105  # a name: Telegram does not know this bot (any more)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`number` is the message id when sent, the new chat id when migrated; `text` is Telegram's own."""

    kind: Kind
    number: int = 0
    seconds: float = 0.0
    text: str = ""


# httpx's errors by name, because it is python-telegram-bot's choice and not ours: nothing left this machine.
_NEVER_LEFT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol")
_UNREACHABLE = ("chat not found", "peer_id_invalid", "chat was deactivated", "chat was deleted", "user is deactivated")


def of_error(error: TelegramError) -> Outcome:
    """Read an error of python-telegram-bot. Bad requests come first: they are network errors to it."""
    text = error.message
    outcome = Outcome(Kind.UNKNOWN, text=text)
    match error:
        case RetryAfter():
            outcome = Outcome(Kind.WAIT, seconds=_seconds(error.retry_after), text=text)
        case ChatMigrated():
            outcome = Outcome(Kind.MIGRATED, number=error.new_chat_id, text=text)
        case Forbidden():
            outcome = Outcome(Kind.BLOCKED, text=text)
        case InvalidToken():
            outcome = Outcome(Kind.TOKEN, text=text)
        case BadRequest():
            unreachable = any(phrase in text.lower() for phrase in _UNREACHABLE)
            outcome = Outcome(Kind.BLOCKED if unreachable else Kind.REFUSED, text=text)
        case NetworkError() if _undelivered(error):
            outcome = Outcome(Kind.AGAIN, text=text)
    return outcome


def _undelivered(error: NetworkError) -> bool:
    """Whether it is certain that nothing arrived: no connection came about, or the server itself said no.

    An error status has no cause, or one from reading its body; a lost answer is caused by httpx.
    """
    cause = error.__cause__
    if cause is None or isinstance(cause, TelegramError):
        return True
    return type(cause).__name__ in _NEVER_LEFT


def _seconds(value: int | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else value
