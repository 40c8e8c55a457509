from dataclasses import dataclass
from typing import Any

STATUSES = ("creator", "administrator", "member", "left", "kicked")
PRESENT = frozenset({"creator", "administrator", "member"})
ADMINISTRATORS = frozenset({"creator", "administrator"})
# The rights without which the object would be incomplete (bots/api#chatmemberadministrator).
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


@dataclass
class Member:
    """A person in a group; who is `anonymous` speaks there as the group itself."""

    user_id: int
    first_name: str
    language_code: str
    status: str
    anonymous: bool = False

    def user(self) -> dict[str, Any]:
        """As bots/api#user has it."""
        person = {"id": self.user_id, "is_bot": False, "first_name": self.first_name}
        return person | ({"language_code": self.language_code} if self.language_code else {})

    def describe(self) -> dict[str, Any]:
        return describe_member(self.user(), self.status, anonymous=self.anonymous)


def describe_member(user: dict[str, Any], status: str, *, anonymous: bool = False) -> dict[str, Any]:
    """As bots/api#chatmember has it."""
    described: dict[str, Any] = {"user": user, "status": status}
    if status in ADMINISTRATORS:
        described["is_anonymous"] = anonymous
    if status == "administrator":
        described |= {"can_be_edited": False} | dict.fromkeys(RIGHTS, True)
    if status == "kicked":
        described["until_date"] = 0
    return described
