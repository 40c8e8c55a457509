from dataclasses import dataclass
from typing import Any

CHAT_TYPES = ("private", "group", "supergroup")


@dataclass
class Chat:
    """A person or a group. `spoke` is whether the bot may write: a private chat must have written first."""

    id: int
    type: str
    first_name: str
    language_code: str
    spoke: bool

    def describe(self) -> dict[str, Any]:
        """The chat as bots/api#chat has it."""
        name = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, name: self.first_name}

    def user(self, user_id: int) -> dict[str, Any]:
        """Who speaks in this chat, as bots/api#user has it."""
        person = {"id": user_id, "is_bot": False, "first_name": self.first_name}
        return person | ({"language_code": self.language_code} if self.language_code else {})
