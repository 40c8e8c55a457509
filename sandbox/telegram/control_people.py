"""The sandbox's own routes below /_sandbox that play the people: they write, edit, press, and send anything else."""

from typing import Any

from aiohttp import web

from sandbox.telegram.chats import Chat
from sandbox.telegram.control_input import chat_of, integer, objects, read_body, text_of, told
from sandbox.telegram.markup import LARGEST_CALLBACK_DATA, buttons_of
from sandbox.telegram.messages import Message
from sandbox.telegram.people import Saying, change_text, press, say, speaker_of
from sandbox.telegram.world import World


class PeopleControl:
    """Handlers raise ValueError or LookupError with a sentence; `told` turns it into the answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/_sandbox/chats/{id}/say", told(self.say)),
            web.post("/_sandbox/chats/{id}/edit", told(self.edit)),
            web.post("/_sandbox/chats/{id}/press", told(self.press)),
            web.post("/_sandbox/updates", told(self.push)),
        ]

    async def say(self, request: web.Request) -> dict[str, Any]:
        """With `message_thread_id` in a topic, with `reply_to` as an answer, with `anonymous` as the group."""
        chat, body = chat_of(self._world, request), await read_body(request)
        text, user_id = text_of(body, "say"), speaker_of(chat, body.get("user_id"))
        saying = Saying(
            user_id,
            text,
            thread_id=_read_topic(chat, body),
            reply_to=self._message(chat, integer(body, "reply_to")) if body.get("reply_to") else None,
            anonymous=bool(body.get("anonymous", chat.member(user_id).anonymous)),
        )
        update_id, message_id = say(self._world, chat, saying)
        return {"update_id": update_id, "message_id": message_id}

    async def edit(self, request: web.Request) -> dict[str, Any]:
        chat, body = chat_of(self._world, request), await read_body(request)
        message, text = self._message(chat, integer(body, "message_id")), text_of(body, "edit")
        if message.sender["id"] == self._world.bot["id"]:
            raise ValueError(f"Message {message.message_id} is the bot's; people edit only their own.")
        return {"update_id": change_text(self._world, chat, message, text)}

    async def press(self, request: web.Request) -> dict[str, Any]:
        """With "forged": true any data of any message are sent, as a modified client could do."""
        chat, body = chat_of(self._world, request), await read_body(request)
        message_id, data = integer(body, "message_id"), str(body.get("data", ""))
        if not body.get("forged"):
            offered = _button_data(self._message(chat, message_id))
            if data not in offered:
                raise ValueError(f"Message {message_id} has no button with data {data!r}; it has {offered}.")
        if len(data.encode()) > LARGEST_CALLBACK_DATA:
            raise ValueError(f"data are longer than {LARGEST_CALLBACK_DATA} bytes, which no button can carry.")
        update_id, query_id = press(self._world, chat, speaker_of(chat, body.get("user_id")), message_id, data)
        return {"update_id": update_id, "callback_query_id": query_id}

    async def push(self, request: web.Request) -> dict[str, Any]:
        """Any updates as they are, whatever their kind and the bot's wishes; only their ids are given here."""
        updates = objects(await read_body(request), "updates")
        return {"update_ids": [self._world.updates.push(update) for update in updates]}

    def _message(self, chat: Chat, message_id: int) -> Message:
        message = self._world.history.find(chat.id, message_id)
        if message is None:
            raise LookupError(f"Chat {chat.id} has no message {message_id}.")
        return message


def _read_topic(chat: Chat, body: dict[str, Any]) -> int | None:
    thread_id = body.get("message_thread_id")
    if thread_id is not None and thread_id not in chat.topics:
        raise ValueError(f"Chat {chat.id} has no topic {thread_id!r}; it has {list(chat.topics)}.")
    return thread_id


def _button_data(message: Message) -> list[str]:
    """The callback data of all buttons below the message."""
    return [button["callback_data"] for button in buttons_of(message.reply_markup) if "callback_data" in button]
