from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.telegram.formatted import FormattedText


@dataclass
class Message:
    """A message of the bot or of a user; `source` is the text as it was sent, markup included.

    `media` is empty for a text, else the field of bots/api#message that holds the file:
    {"photo": [...]} or {"document": {...}}.
    """

    message_id: int
    chat: dict[str, Any]
    sender: dict[str, Any]
    at: datetime
    content: FormattedText
    source: str
    reply_markup: dict[str, Any] = field(default_factory=dict)
    media: dict[str, Any] = field(default_factory=dict)
    edited_at: datetime | None = None

    def describe(self) -> dict[str, Any]:
        """As bots/api#message has it: inline keyboards are part of it, reply keyboards are not."""
        described: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.at.timestamp()),
            **self.media,
            **self._describe_content(),
        }
        if self.edited_at is not None:
            described["edit_date"] = int(self.edited_at.timestamp())
        if "inline_keyboard" in self.reply_markup:
            described["reply_markup"] = self.reply_markup
        return described

    def _describe_content(self) -> dict[str, Any]:
        text, entities = ("caption", "caption_entities") if self.media else ("text", "entities")
        described: dict[str, Any] = {text: self.content.text} if self.content.text else {}
        return described | ({entities: self.content.describe_entities()} if self.content.entities else {})
