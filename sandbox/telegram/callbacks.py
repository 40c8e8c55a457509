from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.telegram.errors import bad_request


@dataclass(frozen=True)
class Callback:
    """A press of an inline button that waits for answerCallbackQuery."""

    chat_id: int
    message_id: int
    user_id: int
    at: datetime


class CallbackBook:
    """Open button presses; one can be answered for `lifetime` after the press."""

    def __init__(self, lifetime: timedelta) -> None:
        self._lifetime = lifetime
        self._open: dict[str, Callback] = {}
        self._number = 4_000_000_000_000_000_000

    def open(self, callback: Callback) -> str:
        """Note a press; return the id of the callback query."""
        self._forget_stale(callback.at)
        self._number += 1
        query_id = str(self._number)
        self._open[query_id] = callback
        return query_id

    def take(self, query_id: str, now: datetime) -> Callback:
        """The press with this id; ApiError 400 if it is unknown or too old."""
        callback = self._open.get(query_id)
        if callback is None or now - callback.at >= self._lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return callback

    def _forget_stale(self, now: datetime) -> None:
        """What can no longer be answered need not be known: the refusal is the same."""
        while self._open:
            oldest = next(iter(self._open))
            if now - self._open[oldest].at < self._lifetime:
                return
            del self._open[oldest]
