from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.telegram.formatted import FormattedText


@dataclass(slots=True)
class Message:
    """A message of the bot or of a user; `source` is the text as it was sent, markup included.

    `media` is empty for a text, else the field of bots/api#message that holds the file:
    {"photo": [...]} or {"document": {...}}. `sender_chat` is set where a group's admin speaks anonymously.
    """

    message_id: int
    chat: dict[str, Any]
    sender: dict[str, Any]
    at: datetime
    content: FormattedText
    source: str
    thread_id: int | None = None
    sender_chat: dict[str, Any] | None = None
    reply_to: "Message | None" = None
    reply_markup: dict[str, Any] = field(default_factory=dict)
    media: dict[str, Any] = field(default_factory=dict)
    edited_at: datetime | None = None

    def describe(self) -> dict[str, Any]:
        """As bots/api#message has it: inline keyboards are part of it, reply keyboards are not."""
        described = self._describe_alone()
        if self.reply_to is not None:
            described["reply_to_message"] = self.reply_to._describe_alone()  # noqa: SLF001  # another of this class
        return described

    def _describe_alone(self) -> dict[str, Any]:
        """Without the message it replies to."""
        described: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.at.timestamp()),
            **self.media,
            **self._describe_content(),
        }
        if self.sender_chat is not None:
            described["sender_chat"] = self.sender_chat
        if self.thread_id is not None:
            described |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.edited_at is not None:
            described["edit_date"] = int(self.edited_at.timestamp())
        if "inline_keyboard" in self.reply_markup:
            described["reply_markup"] = self.reply_markup
        return described

    def _describe_content(self) -> dict[str, Any]:
        text, entities = ("caption", "caption_entities") if self.media else ("text", "entities")
        described: dict[str, Any] = {text: self.content.text} if self.content.text else {}
        return described | ({entities: self.content.describe_entities()} if self.content.entities else {})
