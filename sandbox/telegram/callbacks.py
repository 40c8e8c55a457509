from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.telegram.errors import bad_request


@dataclass(frozen=True)
class Callback:
    """A press of an inline button that waits for answerCallbackQuery."""

    chat_id: int
    message_id: int
    at: datetime


class CallbackBook:
    """Open button presses; one can be answered for `lifetime` after the press."""

    def __init__(self, lifetime: timedelta) -> None:
        self._lifetime = lifetime
        self._open: dict[str, Callback] = {}

    def open(self, chat_id: int, message_id: int, now: datetime) -> str:
        """Note a press; return the id of the callback query."""
        query_id = f"{4_000_000_000_000_000_000 + len(self._open)}"
        self._open[query_id] = Callback(chat_id, message_id, now)
        return query_id

    def take(self, query_id: str, now: datetime) -> Callback:
        """The press with this id; ApiError 400 if it is unknown or too old."""
        callback = self._open.get(query_id)
        if callback is None or now - callback.at >= self._lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return callback
