"""What people do in their chats: each function puts the update that the bot gets, if it gets one."""

import re
from dataclasses import dataclass, replace
from typing import Any

from sandbox.telegram.callbacks import Callback
from sandbox.telegram.chats import Chat
from sandbox.telegram.formatted import Entity, FormattedText
from sandbox.telegram.members import ADMINISTRATORS, PRESENT, Member, describe_member
from sandbox.telegram.messages import Message
from sandbox.telegram.utf16 import utf16_length
from sandbox.telegram.world import World

COMMAND = re.compile(r"(?<![\w/])/\w{1,32}(?:@\w{3,32})?", re.ASCII)
# Whom the bot sees where an admin of a group speaks anonymously (bots/api#message, sender_chat).
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@dataclass(frozen=True)
class Saying:
    """A message of a person; `thread_id` is the topic it is said in, `reply_to` what it answers."""

    user_id: int
    text: str
    thread_id: int | None = None
    reply_to: Message | None = None
    anonymous: bool = False


def say(world: World, chat: Chat, saying: Saying) -> tuple[int | None, int]:
    """Put the message into the chat; return the ids of the update (None: the bot does not hear it) and of it.

    Who had blocked the bot unblocks it by writing, as in Telegram's apps.
    """
    chat.spoke = True
    if chat.type == "private" and chat.bot_status not in PRESENT:
        set_bot_status(world, chat, "member", saying.user_id)
    speaker = _join(chat, saying.user_id)
    message = Message(
        world.history.next_id(),
        chat.describe(),
        ANONYMOUS if saying.anonymous else speaker.user(),
        world.clock(),
        _content(saying.text),
        saying.text,
        thread_id=saying.thread_id,
        sender_chat=chat.describe() if saying.anonymous else None,
        reply_to=saying.reply_to,
    )
    world.history.keep(message)
    heard = _hears(world, chat, message)
    return (world.updates.put("message", message.describe(), _lane(chat)) if heard else None), message.message_id


def change_text(world: World, chat: Chat, message: Message, text: str) -> int | None:
    """A person edits an own message; return the id of the update."""
    message.content, message.source, message.edited_at = _content(text), text, world.clock()
    if not _hears(world, chat, message):
        return None
    return world.updates.put("edited_message", message.describe(), _lane(chat))


def press(world: World, chat: Chat, user_id: int, message_id: int, data: str) -> tuple[int, str]:
    """A person presses an inline button; return the ids of the update and of the callback query.

    Of a message that is gone the bot sees the number only (bots/api#inaccessiblemessage).
    """
    message = world.history.find(chat.id, message_id)
    query_id = world.callbacks.open(Callback(chat.id, message_id, user_id, world.clock()))
    query = {
        "id": query_id,
        "from": _join(chat, user_id).user(),
        "message": message.describe() if message else {"chat": chat.describe(), "message_id": message_id, "date": 0},
        "chat_instance": f"instance-{chat.id}",
        "data": data,
    }
    return world.updates.put("callback_query", query, f"user {user_id}"), query_id


def set_bot_status(world: World, chat: Chat, status: str, by: int) -> int:
    """Person `by` adds, promotes or removes the bot, or blocks it ("kicked"); return the id of the update."""
    old, chat.bot_status = chat.bot_status, status
    change = {
        "chat": chat.describe(),
        "from": chat.member(by).user(),
        "date": int(world.clock().timestamp()),
        "old_chat_member": describe_member(world.bot, old),
        "new_chat_member": describe_member(world.bot, status),
    }
    return world.updates.put("my_chat_member", change, _lane(chat))


def set_member(world: World, chat: Chat, member: Member) -> int:
    """Somebody joins, leaves or changes role; return the id of the update, which bots get on request only."""
    old = chat.members.get(member.user_id) or replace(member, status="left", anonymous=False)
    chat.members[member.user_id] = member
    change = {
        "chat": chat.describe(),
        "from": member.user(),
        "date": int(world.clock().timestamp()),
        "old_chat_member": old.describe(),
        "new_chat_member": member.describe(),
    }
    return world.updates.put("chat_member", change, _lane(chat))


def _join(chat: Chat, user_id: int) -> Member:
    """The person, who by acting in a group is a member of it."""
    person = chat.member(user_id)
    return person if chat.type == "private" else chat.members.setdefault(user_id, person)


def _hears(world: World, chat: Chat, message: Message) -> bool:
    """Whether a message reaches the bot: in groups, unless it is an admin there, only what is meant for it.

    core.telegram.org/bots/features#privacy-mode: commands, replies to it, and what mentions it.
    """
    if chat.type == "private":
        return True
    if chat.bot_status not in PRESENT:
        return False
    text = message.content.text
    to_bot = message.reply_to is not None and message.reply_to.sender["id"] == world.bot["id"]
    return to_bot or chat.bot_status in ADMINISTRATORS or text.startswith("/") or f"@{world.options.username}" in text


def _lane(chat: Chat) -> str:
    return f"chat {chat.id}"


def _content(text: str) -> FormattedText:
    return FormattedText(text, tuple(_commands_in(text)))


def _commands_in(text: str) -> list[Entity]:
    return [
        Entity("bot_command", utf16_length(text[: match.start()]), utf16_length(match.group()))
        for match in COMMAND.finditer(text)
    ]


def speaker_of(chat: Chat, user_id: Any) -> int:
    """Who acts: in a private chat its owner, in a group `user_id`, by default the group's number."""
    return chat.id if chat.type == "private" else int(user_id or abs(chat.id))
