"""Methods that put something into a chat. Each takes the world and the parameters, returns `result`."""

from typing import Any

from sandbox.telegram.content import read_caption, read_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.markup import check_markup
from sandbox.telegram.params import Params
from sandbox.telegram.world import World

CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def read_chat_id(params: Params) -> int:
    """The numeric chat id; ApiError 400 if there is none (the sandbox has no channel names)."""
    given = params.text("chat_id")
    if not given:
        raise bad_request("chat_id is empty")
    if not given.removeprefix("-").isdecimal():
        raise bad_request("chat not found")
    return int(given)


def read_markup(params: Params) -> dict[str, Any]:
    """The checked reply markup, empty if there is none."""
    return check_markup(params.structure("reply_markup", dict))


def send_message(world: World, params: Params) -> dict[str, Any]:
    chat = world.reachable_chat(read_chat_id(params))
    content, markup = read_text(params), read_markup(params)
    _check_reply(world, params, chat.id)
    return world.send(chat, content, params.text("text"), markup).describe()


def send_photo(world: World, params: Params) -> dict[str, Any]:
    chat = world.reachable_chat(read_chat_id(params))
    caption, markup = read_caption(params), read_markup(params)
    _check_reply(world, params, chat.id)
    media = world.files.photo(params.file("photo"))
    return world.send(chat, caption, params.text("caption"), markup, **media).describe()


def send_document(world: World, params: Params) -> dict[str, Any]:
    chat = world.reachable_chat(read_chat_id(params))
    caption, markup = read_caption(params), read_markup(params)
    _check_reply(world, params, chat.id)
    media = world.files.document(params.file("document"))
    return world.send(chat, caption, params.text("caption"), markup, **media).describe()


def send_chat_action(world: World, params: Params) -> bool:
    world.reachable_chat(read_chat_id(params))
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def _check_reply(world: World, params: Params, chat_id: int) -> None:
    reply = params.structure("reply_parameters", dict)
    message_id = reply.get("message_id", params.integer("reply_to_message_id", 0))
    tolerant = reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if message_id and not tolerant and world.find_message(chat_id, message_id) is None:
        raise bad_request("message to be replied not found")
