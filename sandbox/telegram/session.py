"""Methods about the bot's session: who it is, its updates, presses and files. Each returns `result`."""

from typing import Any

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.utf16 import utf16_length
from sandbox.telegram.webhooks import allow_updates
from sandbox.telegram.world import World

LONGEST_ANSWER = 200


def get_me(world: World, _params: Params) -> dict[str, Any]:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }
    return world.bot | abilities


async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """Long poll of at most `timeout` seconds; ApiError 409 while a webhook is set or if polled twice."""
    if world.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    allow_updates(world, params)
    offset, limit = params.integer("offset", 0), params.integer("limit", 100)
    return await world.updates.poll(offset, limit, params.integer("timeout", 0))


def answer_callback_query(world: World, params: Params) -> bool:
    """ApiError 400 for a press that is too old and for a text of more than LONGEST_ANSWER UTF-16 units."""
    now = world.clock()
    query_id, text = params.text("callback_query_id"), params.text("text")
    callback = world.callbacks.take(query_id, now)
    if utf16_length(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    world.transcript.add(
        "answer",
        callback.chat_id,
        callback.message_id,
        now,
        text=text,
        html=text,
        callback_query_id=query_id,
        user_id=callback.user_id,
        show_alert=params.flag("show_alert"),
        url=params.text("url"),
    )
    return True


def get_file(world: World, params: Params) -> dict[str, Any]:
    return world.files.describe(params.text("file_id"))


def leave(_world: World, _params: Params) -> bool:
    """`close` and `logOut`: there is nothing to move elsewhere."""
    return True
