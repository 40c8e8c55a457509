"""What the control routes have in common: reading a request and turning a refusal into a sentence."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.telegram.chats import Chat
from sandbox.telegram.world import World

NUMBER = re.compile(r"\d+(\.\d+)?")

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


async def read_body(request: web.Request) -> dict[str, Any]:
    return as_object(await request.json(), "The body")


def as_object(given: Any, what: str) -> dict[str, Any]:
    """ValueError if it is no JSON object."""
    if not isinstance(given, dict):
        raise ValueError(f"{what} must be a JSON object.")  # noqa: TRY004  # told() answers it as bad input
    return given


def objects(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The list of objects with that name, empty if it was not given."""
    given = body.get(name, [])
    if not isinstance(given, list):
        raise ValueError(f"{name} must be a list of JSON objects.")  # noqa: TRY004  # told() answers it as bad input
    return [as_object(entry, f"Each entry of {name}") for entry in given]


def number_of(request: web.Request, name: str) -> float:
    """A number of the query string, 0 if it was not given."""
    given = request.query.get(name, "0")
    if not NUMBER.fullmatch(given):
        raise ValueError(f"{name} is {given!r}; it must be a number of at least 0.")
    return float(given)


def integer(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value == 0:
        raise ValueError(f"{name} is {value!r}; it must be an integer other than 0.")
    return value


def text_of(body: dict[str, Any], route: str) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text:
        raise ValueError(f'{route} needs {{"text": "..."}}, a text that is not empty.')
    return text


def chat_of(world: World, request: web.Request) -> Chat:
    """The chat that the path names; LookupError if there is none."""
    chat_id = int(request.match_info["id"])
    if chat_id not in world.chats:
        raise LookupError(f"There is no chat {chat_id}; create it with POST /_sandbox/chats first.")
    return world.chats[chat_id]
