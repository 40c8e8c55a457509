"""Methods that change or remove a message. Each takes the world and the parameters, returns `result`."""

from typing import Any

from sandbox.telegram.content import read_caption, read_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.messages import Message
from sandbox.telegram.params import Params
from sandbox.telegram.sending import read_chat_id, read_markup
from sandbox.telegram.world import World

MOST_DELETED = 100  # bots/api#deletemessages


def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    world.edit(message, read_text(params), params.text("text"), _inline_markup(params))
    return message.describe()


def edit_message_caption(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    world.edit(message, read_caption(params), params.text("caption"), _inline_markup(params))
    return message.describe()


def edit_message_media(world: World, params: Params) -> dict[str, Any]:
    """Replace file and caption, or add a file to a text; `media` is bots/api#inputmediaphoto or …document."""
    message = _editable(world, params)
    given = params.structure("media", dict)
    kind = given.get("type")
    if kind not in {"photo", "document"}:
        raise bad_request(
            f"can't parse InputMedia: type {kind!r} is unknown to this sandbox, which has photo and document"
        )
    file = params.attached(str(given.get("media", "")))
    media = world.files.photo(file) if kind == "photo" else world.files.document(file)
    caption = Params(given, {})
    world.edit(message, read_caption(caption), caption.text("caption"), _inline_markup(params), media)
    return message.describe()


def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    world.edit(message, message.content, message.source, _inline_markup(params))
    return message.describe()


def delete_message(world: World, params: Params) -> bool:
    message = _find(world, params)
    if message is None:
        raise bad_request("message to delete not found")
    world.delete(message)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Those of the given messages that are there; ApiError 400 unless 1 to MOST_DELETED ids are given."""
    chat = world.reachable_chat(read_chat_id(params))
    for message_id in _message_ids(params):
        message = world.history.find(chat.id, message_id)
        if message is not None:
            world.delete(message)
    return True


def _message_ids(params: Params) -> list[int]:
    given = params.structure("message_ids", list)
    if not given:
        raise bad_request("message identifiers are not specified")
    if len(given) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    if not all(str(number).isdecimal() for number in given):
        raise bad_request("can't parse message identifier as a Number")
    return [int(number) for number in given]


def _inline_markup(params: Params) -> dict[str, Any]:
    markup = read_markup(params)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _find(world: World, params: Params) -> Message | None:
    chat = world.reachable_chat(read_chat_id(params))
    return world.history.find(chat.id, params.integer("message_id", 0))


def _editable(world: World, params: Params) -> Message:
    message = _find(world, params)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender["id"] != world.bot["id"]:
        raise bad_request("message can't be edited")
    return message
