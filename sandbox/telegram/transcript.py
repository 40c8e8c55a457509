from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sandbox.telegram.bell import Bell

Kind = Literal["send", "edit", "delete", "answer"]


@dataclass(frozen=True)
class Line:
    """One thing the bot did. `html` is the text as sent, `text` as a reader sees it."""

    seq: int
    kind: Kind
    chat_id: int
    message_id: int
    text: str
    html: str
    reply_markup: dict[str, Any]
    at: datetime
    extra: dict[str, Any]

    def describe(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "kind": self.kind,
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "text": self.text,
            "html": self.html,
            "reply_markup": self.reply_markup or None,
            "at": self.at.isoformat(),
            **self.extra,
        }


class Transcript:
    """Everything the bot did, in order, numbered from 1."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._bell = Bell()

    def add(
        self,
        kind: Kind,
        chat_id: int,
        message_id: int,
        at: datetime,
        *,
        text: str = "",
        html: str = "",
        reply_markup: dict[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        """Write down one action; `extra` names what is special to its kind."""
        number = len(self._lines) + 1
        markup = reply_markup or {}
        self._lines.append(Line(number, kind, chat_id, message_id, text, html, markup, at, extra))
        self._bell.ring()

    async def since(self, seq: int, seconds: float) -> list[dict[str, Any]]:
        """All lines after number `seq`, waiting `seconds` for the first."""
        await self._bell.wait_for(lambda: len(self._lines) > seq, seconds)
        return [line.describe() for line in self._lines[seq:]]
