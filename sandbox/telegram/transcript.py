from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sandbox.telegram.bell import Bell

Kind = Literal["send", "edit", "delete", "answer"]
# Older lines are forgotten, so that a long measurement does not fill the memory.
KEPT = 20_000


@dataclass(frozen=True, slots=True)
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
    """What the bot did, in order, numbered from 1; only the newest lines are kept, at least KEPT of them."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._forgotten = 0
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
        number = self._forgotten + len(self._lines) + 1
        markup = reply_markup or {}
        self._lines.append(Line(number, kind, chat_id, message_id, text, html, markup, at, extra))
        if len(self._lines) >= 2 * KEPT:  # half at once: a long list is not moved for each line
            del self._lines[:KEPT]
            self._forgotten += KEPT
        self._bell.ring()

    async def since(self, seq: int, seconds: float) -> list[dict[str, Any]]:
        """All kept lines after number `seq`, waiting `seconds` for the first."""
        await self._bell.wait_for(lambda: self._forgotten + len(self._lines) > seq, seconds)
        return [line.describe() for line in self._lines[max(0, seq - self._forgotten) :]]
