"""Methods about chats and who is in them. Each takes the world and the parameters, returns `result`."""

from typing import Any

from sandbox.telegram.chats import Chat
from sandbox.telegram.errors import bad_request
from sandbox.telegram.members import ADMINISTRATORS, PRESENT, describe_member
from sandbox.telegram.params import Params
from sandbox.telegram.sending import read_chat_id
from sandbox.telegram.world import World

# The fields that bots/api#chatfullinfo always has and that mean nothing here.
ALWAYS = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    },
}


def get_chat(world: World, params: Params) -> dict[str, Any]:
    return _chat(world, params).describe() | ALWAYS


def get_chat_member(world: World, params: Params) -> dict[str, Any]:
    """ApiError 400 for somebody who was never in the chat."""
    chat, user_id = _chat(world, params), params.integer("user_id", 0)
    if user_id == world.bot["id"]:
        return describe_member(world.bot, chat.bot_status)
    if chat.type == "private" and user_id == chat.id:
        return chat.member(user_id).describe()
    if user_id not in chat.members:
        raise bad_request("member not found")
    return chat.members[user_id].describe()


def get_chat_administrators(world: World, params: Params) -> list[dict[str, Any]]:
    """Without other bots; with this one if it is an admin."""
    chat = _chat(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    people = [member.describe() for member in chat.members.values() if member.status in ADMINISTRATORS]
    own = [describe_member(world.bot, chat.bot_status)] if chat.bot_status in ADMINISTRATORS else []
    return people + own


def get_chat_member_count(world: World, params: Params) -> int:
    """The bot included."""
    chat = _chat(world, params)
    others = 1 if chat.type == "private" else sum(one.status in PRESENT for one in chat.members.values())
    return others + 1


def leave_chat(world: World, params: Params) -> bool:
    chat = _chat(world, params)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    return True


def _chat(world: World, params: Params) -> Chat:
    return world.reachable_chat(read_chat_id(params))
