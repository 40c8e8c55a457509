"""Methods that change or remove a message. Each takes the world and the parameters, returns `result`."""

from typing import Any

from sandbox.telegram.content import read_caption, read_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.messages import Message
from sandbox.telegram.params import Params
from sandbox.telegram.sending import read_chat_id, read_markup
from sandbox.telegram.world import World


def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    world.edit(message, read_text(params), params.text("text"), read_markup(params))
    return message.describe()


def edit_message_caption(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    world.edit(message, read_caption(params), params.text("caption"), read_markup(params))
    return message.describe()


def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    world.edit(message, message.content, message.source, read_markup(params))
    return message.describe()


def delete_message(world: World, params: Params) -> bool:
    message = _find(world, params)
    if message is None:
        raise bad_request("message to delete not found")
    world.delete(message)
    return True


def _find(world: World, params: Params) -> Message | None:
    chat = world.reachable_chat(read_chat_id(params))
    return world.find_message(chat.id, params.integer("message_id", 0))


def _editable(world: World, params: Params) -> Message:
    message = _find(world, params)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender["id"] != world.bot["id"]:
        raise bad_request("message can't be edited")
    return message
