"""The sandbox's own routes below /_sandbox about chats: which there are, who is in them, what the bot may there."""

from typing import Any

from aiohttp import web

from sandbox.telegram.chats import CHAT_TYPES, Chat
from sandbox.telegram.control_input import chat_of, integer, objects, read_body, told
from sandbox.telegram.members import STATUSES, Member
from sandbox.telegram.people import set_bot_status, set_member, speaker_of
from sandbox.telegram.world import World

FIRST_OF_MANY = 1_000_000


class ChatControl:
    """Handlers raise ValueError or LookupError with a sentence; `told` turns it into the answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sandbox/chats", told(self.list_chats)),
            web.post("/_sandbox/chats", told(self.add_chats)),
            web.get("/_sandbox/chats/{id}/commands", told(self.show_commands)),
            web.post("/_sandbox/chats/{id}/members", told(self.change_member)),
            web.post("/_sandbox/chats/{id}/bot", told(self.change_bot)),
        ]

    async def list_chats(self, _request: web.Request) -> dict[str, Any]:
        world = self._world
        chats = [
            chat.describe() | {"language_code": chat.language_code, "spoke": chat.spoke, "bot": chat.bot_status}
            for chat in world.chats.values()
        ]
        webhook = {"url": world.webhook.url, "pending_update_count": world.updates.pending}
        commands, profile = world.commands.describe(), world.profiles.describe()
        return {"chats": chats, "commands": commands, "profile": profile, "webhook": webhook}

    async def add_chats(self, request: web.Request) -> dict[str, Any]:
        """One chat, or {"count": N} private ones that have spoken already, numbered from `first_id` on."""
        body = await read_body(request)
        if "count" in body:
            return self._add_many(integer(body, "count"), int(body.get("first_id") or FIRST_OF_MANY), body)
        chat = _read_chat(body)
        known = self._world.chats.setdefault(chat.id, chat)
        known.first_name, known.language_code = chat.first_name, chat.language_code
        known.is_forum, known.topics = chat.is_forum or known.is_forum, known.topics | chat.topics
        known.members |= chat.members
        return known.describe()

    async def show_commands(self, request: web.Request) -> dict[str, Any]:
        """The menu that `user_id` with `language` sees in the chat; by default its owner with the owner's language."""
        chat = chat_of(self._world, request)
        user_id = speaker_of(chat, request.query.get("user_id"))
        status = "" if chat.type == "private" else chat.member(user_id).status
        language = request.query.get("language", chat.member(user_id).language_code)
        return {"commands": self._world.commands.shown(chat.id, user_id, status, language)}

    async def change_member(self, request: web.Request) -> dict[str, Any]:
        chat, body = chat_of(self._world, request), await read_body(request)
        if chat.type == "private":
            raise ValueError(f"Chat {chat.id} is private; only groups have members.")
        return {"update_id": set_member(self._world, chat, _read_member(body))}

    async def change_bot(self, request: web.Request) -> dict[str, Any]:
        """Add, promote or remove the bot; in a private chat "kicked" blocks and "member" unblocks it."""
        chat, body = chat_of(self._world, request), await read_body(request)
        status = _read_status(body)
        if chat.type == "private" and status not in {"member", "kicked"}:
            raise ValueError(f"status is {status!r}; in a private chat it must be member or kicked.")
        return {"update_id": set_bot_status(self._world, chat, status, speaker_of(chat, body.get("user_id")))}

    def _add_many(self, count: int, first: int, body: dict[str, Any]) -> dict[str, Any]:
        if count < 1 or first < 1:
            raise ValueError(f"count is {count} and first_id {first}; both must be at least 1.")
        name, language = str(body.get("first_name") or "Sandbox"), str(body.get("language_code", ""))
        for chat_id in range(first, first + count):
            self._world.chats[chat_id] = Chat(chat_id, "private", name, language, spoke=True)
        return {"count": count, "first_id": first, "last_id": first + count - 1}


def _read_chat(body: dict[str, Any]) -> Chat:
    chat_id, kind = integer(body, "id"), body.get("type", "private")
    if kind not in CHAT_TYPES:
        raise ValueError(f"type is {kind!r}; it must be one of {', '.join(CHAT_TYPES)}.")
    if (chat_id > 0) != (kind == "private"):
        raise ValueError(f"id is {chat_id}; private chats have positive ids, groups negative ones.")
    topics = {integer(topic, "id"): str(topic.get("name", "Topic")) for topic in objects(body, "topics")}
    members = [_read_member(member) for member in objects(body, "members")]
    if kind != "supergroup" and (topics or body.get("is_forum")):
        raise ValueError(f"type is {kind!r}; only a supergroup can be a forum with topics.")
    return Chat(
        chat_id,
        kind,
        str(body.get("first_name") or body.get("title") or "Sandbox"),
        str(body.get("language_code", "")),
        # A group knows the bot since the bot was added; a person only after the first message.
        spoke=kind != "private" or bool(body.get("spoke")),
        bot_status=_read_status(body, "bot"),
        is_forum=bool(topics or body.get("is_forum")),
        topics=topics,
        members={member.user_id: member for member in members},
    )


def _read_member(body: dict[str, Any]) -> Member:
    return Member(
        integer(body, "id"),
        str(body.get("first_name") or "Member"),
        str(body.get("language_code", "")),
        _read_status(body),
        anonymous=bool(body.get("anonymous")),
    )


def _read_status(body: dict[str, Any], name: str = "status") -> str:
    status = str(body.get(name, "member"))
    if status not in STATUSES:
        raise ValueError(f"{name} is {status!r}; it must be one of {', '.join(STATUSES)}.")
    return status
