"""Button data that nobody else can make: a route with its arguments, signed for one chat."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

LARGEST = 64  # bytes that Telegram lets a button carry (core.telegram.org/bots/api#inlinekeyboardbutton)
SIGNATURE = 8  # characters: 48 bits against guessing over the network
_BETWEEN = ":"


@dataclass(frozen=True, slots=True)
class Press:
    """What a pressed button asks for."""

    route: str
    args: tuple[str, ...]


class Seal:
    """Signs with a key of its own, derived from the bot's token."""

    def __init__(self, token: str) -> None:
        self._key = sha256(b"skinbeat buttons " + token.encode()).digest()

    def pack(self, chat_id: int, route: str, args: tuple[str, ...] = ()) -> str:
        """The data of a button in this chat; ValueError where they would not fit or hold a colon."""
        if any(_BETWEEN in part for part in (route, *args)):
            raise ValueError(f"button {route} {args}: no part may hold {_BETWEEN!r}")
        body = _BETWEEN.join((route, *args))
        data = f"{self._signature(chat_id, body)}{body}"
        if len(data.encode()) > LARGEST:
            raise ValueError(f"button {route} {args}: {len(data.encode())} bytes are more than {LARGEST}")
        return data

    def unpack(self, chat_id: int, data: str) -> Press | None:
        """What was packed for this chat; None for anything else."""
        signature, body = data[:SIGNATURE], data[SIGNATURE:]
        if not hmac.compare_digest(signature.encode(), self._signature(chat_id, body).encode()):
            return None
        route, *args = body.split(_BETWEEN)
        return Press(route, tuple(args))

    def _signature(self, chat_id: int, body: str) -> str:
        digest = hmac.new(self._key, f"{chat_id} {body}".encode(), sha256).digest()
        return urlsafe_b64encode(digest).decode()[:SIGNATURE]
