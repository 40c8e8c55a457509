"""Whether Telegram's updates still arrive, and one clear line when they do not."""

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any

import orjson
from telegram import Update
from telegram.error import Conflict, TelegramError
from telegram.request import HTTPXRequest

from bot.permits import Seconds
from telemetry.logs import logger
from telemetry.metrics import UPDATES

log = logger(__name__)

POLL_SECONDS = 10  # Telegram holds a call open this long while there is nothing
SILENT_SECONDS = 30.0
REPEAT_SECONDS = 60.0
_BAD_TOKEN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


class PollRequest(HTTPXRequest):
    """The transport of getUpdates, which python-telegram-bot gives no other way to watch."""

    def __init__(self, on_bad_token: Callable[[], None]) -> None:
        super().__init__(connection_pool_size=1)
        self._on_bad_token = on_bad_token
        self._answered_at: Seconds | None = None

    def begins(self) -> None:
        """Polling begins; what Telegram answered before says nothing about it."""
        self._answered_at = None

    def began(self) -> None:
        """Telegram answered what comes before the first poll, which may take long."""
        self._answered_at = monotonic()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.OK:
            self._answered_at = monotonic()
            payload = readable(payload)
        elif code in _BAD_TOKEN:
            self._on_bad_token()
        return code, payload

    def check(self) -> str | None:
        """None while Telegram answers, else one sentence."""
        if self._answered_at is None:
            return "Telegram has not answered yet"
        silent = monotonic() - self._answered_at
        return f"Telegram has not answered for {silent:.0f} s" if silent > SILENT_SECONDS else None


def readable(payload: bytes) -> bytes:
    """Telegram's answer, each update that cannot be read emptied but for its number: the next poll then passes it.

    As it was, the library would fail at the whole answer and ask for the same one for ever.
    """
    try:
        answer = orjson.loads(payload)
        emptied = [_emptied(update) for update in answer["result"]]
    except (ValueError, TypeError, KeyError):
        return payload
    changed = any(before is not after for before, after in zip(answer["result"], emptied, strict=True))
    return orjson.dumps(answer | {"result": emptied}) if changed else payload


def _emptied(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update, None)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        log.warning("an update could not be read", update=update["update_id"], reason=type(error).__name__)
        UPDATES.labels("unreadable").inc()
        return {"update_id": update["update_id"]}
    return update


class PollErrors:
    """Says what is wrong with polling: each kind of error at most once a minute.

    While `settling` says that another poller is to be expected, its conflict is only remembered.
    """

    def __init__(self, settling: Callable[[], bool]) -> None:
        self._settling = settling
        self._said_at: dict[str, Seconds] = {}
        self.contested = False  # another process polls
        self.webhook = False  # polling is refused because a webhook is set

    def forget(self) -> None:
        """Polling begins anew."""
        self.contested = self.webhook = False

    def __call__(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            self.webhook = "webhook" in error.message
            self.contested = not self.webhook
            if self.webhook or self._settling():
                return
        kind = type(error).__name__
        now = monotonic()
        if now - self._said_at.get(kind, -REPEAT_SECONDS) < REPEAT_SECONDS:
            return
        self._said_at[kind] = now
        if isinstance(error, Conflict):
            log.warning("a bot on another database polls with this token: commands go to either of them; stop one")
        else:
            log.warning("Telegram cannot be polled, trying again", reason=f"{kind}: {error.message}")
