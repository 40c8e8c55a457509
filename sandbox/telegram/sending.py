"""Methods that put something into a chat. Each takes the world and the parameters, returns `result`."""

from dataclasses import replace
from typing import Any

from sandbox.telegram.chats import Chat
from sandbox.telegram.content import read_caption, read_text
from sandbox.telegram.errors import bad_request
from sandbox.telegram.formatted import FormattedText
from sandbox.telegram.markup import check_markup
from sandbox.telegram.messages import Message
from sandbox.telegram.params import Params
from sandbox.telegram.world import Draft, World

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
    draft = _draft(world, params, chat, read_text(params), params.text("text"))
    return world.send(draft).describe()


def send_photo(world: World, params: Params) -> dict[str, Any]:
    chat = world.reachable_chat(read_chat_id(params))
    draft = _draft(world, params, chat, read_caption(params), params.text("caption"))
    media = world.files.photo(params.file("photo"))
    return world.send(replace(draft, media=media)).describe()


def send_document(world: World, params: Params) -> dict[str, Any]:
    chat = world.reachable_chat(read_chat_id(params))
    draft = _draft(world, params, chat, read_caption(params), params.text("caption"))
    media = world.files.document(params.file("document"))
    return world.send(replace(draft, media=media)).describe()


def send_chat_action(world: World, params: Params) -> bool:
    world.reachable_chat(read_chat_id(params)).check_topic(params.integer("message_thread_id", 0))
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def _draft(world: World, params: Params, chat: Chat, content: FormattedText, source: str) -> Draft:
    """What all messages have in common; ApiError 400 for a wrong keyboard, topic or reply."""
    return Draft(
        chat=chat,
        content=content,
        source=source,
        markup=read_markup(params),
        thread_id=chat.check_topic(params.integer("message_thread_id", 0)),
        reply_to=_read_reply(world, params, chat.id),
        silent=params.flag("disable_notification"),
        media={},
    )


def _read_reply(world: World, params: Params, chat_id: int) -> Message | None:
    """The message that is replied to; ApiError 400 if it is gone, unless the bot said that this is no matter."""
    reply = params.structure("reply_parameters", dict)
    message_id = reply.get("message_id") or params.integer("reply_to_message_id", 0)
    message = world.history.find(chat_id, message_id)
    tolerant = reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if message_id and not tolerant and message is None:
        raise bad_request("message to be replied not found")
    return message
