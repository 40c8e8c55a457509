"""The sandbox's own routes below /_sandbox: play the users, read what the bot did, plan failures."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.telegram.chats import CHAT_TYPES, Chat
from sandbox.telegram.faults import read_fault
from sandbox.telegram.markup import LARGEST_CALLBACK_DATA
from sandbox.telegram.world import World, button_data

LONGEST_WAIT = 60.0
NUMBER = re.compile(r"\d+(\.\d+)?")


class Control:
    """Handlers raise ValueError or LookupError with a sentence; `told` turns it into the answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/_sandbox/health", told(self.health)),
            web.get("/_sandbox/chats", told(self.list_chats)),
            web.post("/_sandbox/chats", told(self.add_chat)),
            web.post("/_sandbox/chats/{id}/say", told(self.say)),
            web.post("/_sandbox/chats/{id}/press", told(self.press)),
            web.get("/_sandbox/transcript", told(self.read_transcript)),
            web.post("/_sandbox/faults", told(self.plan_fault)),
        ]

    async def health(self, _request: web.Request) -> dict[str, Any]:
        return {"status": "ok"}

    async def list_chats(self, _request: web.Request) -> dict[str, Any]:
        chats = [
            chat.describe() | {"language_code": chat.language_code, "spoke": chat.spoke}
            for chat in self._world.chats.values()
        ]
        webhook = self._world.webhook | {"pending_update_count": self._world.updates.pending}
        return {"chats": chats, "commands": self._world.commands.describe(), "webhook": webhook}

    async def add_chat(self, request: web.Request) -> dict[str, Any]:
        body = await _read_body(request)
        chat = _read_chat(body)
        known = self._world.chats.setdefault(chat.id, chat)
        known.first_name, known.language_code = chat.first_name, chat.language_code
        return known.describe()

    async def say(self, request: web.Request) -> dict[str, Any]:
        chat, body = self._chat(request), await _read_body(request)
        text = body.get("text")
        if not isinstance(text, str) or not text:
            raise ValueError('say needs {"text": "..."}, a text that is not empty.')
        update_id, message_id = self._world.say(chat, _speaker(chat, body), text)
        return {"update_id": update_id, "message_id": message_id}

    async def press(self, request: web.Request) -> dict[str, Any]:
        """With "forged": true any data are sent, as a modified client could do."""
        chat, body = self._chat(request), await _read_body(request)
        message_id, data = _integer(body, "message_id"), str(body.get("data", ""))
        message = self._world.find_message(chat.id, message_id)
        if message is None:
            raise LookupError(f"Chat {chat.id} has no message {message_id}.")
        if not body.get("forged") and data not in button_data(message):
            raise ValueError(f"Message {message_id} has no button with data {data!r}; it has {button_data(message)}.")
        if len(data.encode()) > LARGEST_CALLBACK_DATA:
            raise ValueError(f"data are longer than {LARGEST_CALLBACK_DATA} bytes, which no button can carry.")
        update_id, query_id = self._world.press(message, chat.user(_speaker(chat, body)), data)
        return {"update_id": update_id, "callback_query_id": query_id}

    async def read_transcript(self, request: web.Request) -> dict[str, Any]:
        since, wait = _number(request, "since"), min(_number(request, "wait"), LONGEST_WAIT)
        return {"messages": await self._world.transcript.since(int(since), wait)}

    async def plan_fault(self, request: web.Request) -> dict[str, Any]:
        body = await _read_body(request)
        if body.get("kind") == "off":
            self._world.faults.faults.clear()
            return {"faults": 0}
        fault = read_fault(body)
        if fault.kind == "migrate":
            group = self._world.chats.get(fault.chat_id or 0)
            name = group.first_name if group else "group"
            self._world.chats[fault.to] = Chat(fault.to, "supergroup", name, "", spoke=True)
        self._world.faults.faults.append(fault)
        return {"faults": len(self._world.faults.faults)}

    def _chat(self, request: web.Request) -> Chat:
        chat_id = int(request.match_info["id"])
        if chat_id not in self._world.chats:
            raise LookupError(f"There is no chat {chat_id}; create it with POST /_sandbox/chats first.")
        return self._world.chats[chat_id]


Answer = Callable[[web.Request], Awaitable[dict[str, Any]]]


def told(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make a handler of `answer`: what it raises becomes {"error": sentence} with status 404 or 400."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request))
        except LookupError as error:
            return web.json_response({"error": str(error.args[0])}, status=404)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle


async def _read_body(request: web.Request) -> dict[str, Any]:
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("The body must be a JSON object.")  # noqa: TRY004  # told() answers it as bad input
    return body


def _read_chat(body: dict[str, Any]) -> Chat:
    chat_id, kind = _integer(body, "id"), body.get("type", "private")
    if kind not in CHAT_TYPES:
        raise ValueError(f"type is {kind!r}; it must be one of {', '.join(CHAT_TYPES)}.")
    if (chat_id > 0) != (kind == "private"):
        raise ValueError(f"id is {chat_id}; private chats have positive ids, groups negative ones.")
    name = str(body.get("first_name") or body.get("title") or "Sandbox")
    # A group knows the bot since the bot was added; a person only after the first message.
    return Chat(chat_id, kind, name, str(body.get("language_code", "")), spoke=kind != "private")


def _speaker(chat: Chat, body: dict[str, Any]) -> int:
    """Who acts: in a private chat its owner, in a group `user_id` (default: the group's number)."""
    return chat.id if chat.type == "private" else int(body.get("user_id") or abs(chat.id))


def _number(request: web.Request, name: str) -> float:
    given = request.query.get(name, "0")
    if not NUMBER.fullmatch(given):
        raise ValueError(f"{name} is {given!r}; it must be a number of at least 0.")
    return float(given)


def _integer(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value == 0:
        raise ValueError(f"{name} is {value!r}; it must be an integer other than 0.")
    return value
