from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.members import PRESENT, Member

CHAT_TYPES = ("private", "group", "supergroup")


@dataclass(slots=True)
class Chat:
    """A person or a group. `spoke` is whether the bot may write: a private chat must have written first.

    `bot_status` is the bot's own membership: "kicked" in a private chat means that the person blocked it.
    `topics` are the names of a forum's topics by message_thread_id; the General topic has none.
    """

    id: int
    type: str
    first_name: str
    language_code: str
    spoke: bool
    bot_status: str = "member"
    is_forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """The chat as bots/api#chat has it."""
        name = "first_name" if self.type == "private" else "title"
        described = {"id": self.id, "type": self.type, name: self.first_name}
        return described | ({"is_forum": True} if self.is_forum else {})

    def member(self, user_id: int) -> Member:
        """The member with that id; somebody who was never seen here is a new one, named like the chat."""
        known = self.members.get(user_id)
        return known or Member(user_id, self.first_name, self.language_code, "member")

    def check_access(self) -> None:
        """ApiError 400 or 403 if the bot cannot reach the chat."""
        if self.type == "private":
            if not self.spoke:
                raise bad_request("chat not found")
            if self.bot_status not in PRESENT:
                raise ApiError(403, "Forbidden: bot was blocked by the user")
        if self.bot_status == "kicked":
            raise ApiError(403, f"Forbidden: bot was kicked from the {self.type} chat")
        if self.bot_status == "left":
            raise ApiError(403, f"Forbidden: bot is not a member of the {self.type} chat")

    def check_topic(self, thread_id: int) -> int | None:
        """The topic a message goes to, None where there are none; ApiError 400 for an unknown one.

        A group without topics ignores the number. That of the General topic, 1, is refused when sending.
        """
        if not thread_id or not (self.is_forum or self.type == "private"):
            return None
        if thread_id not in self.topics:
            raise bad_request("message thread not found")
        return thread_id
