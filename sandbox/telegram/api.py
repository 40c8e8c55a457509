import asyncio
import hmac
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.telegram import about, editing, groups, sending, session, webhooks
from sandbox.telegram.errors import ApiError
from sandbox.telegram.faults import Fault
from sandbox.telegram.params import Params, read_params
from sandbox.telegram.world import World

Method = Callable[[World, Params], Any | Awaitable[Any]]

# Method names are not case-sensitive (bots/api#making-requests).
METHODS: dict[str, Method] = {
    "getme": session.get_me,
    "getupdates": session.get_updates,
    "answercallbackquery": session.answer_callback_query,
    "getfile": session.get_file,
    "close": session.leave,
    "logout": session.leave,
    "setwebhook": webhooks.set_webhook,
    "deletewebhook": webhooks.delete_webhook,
    "getwebhookinfo": webhooks.get_webhook_info,
    "setmycommands": about.set_my_commands,
    "getmycommands": about.get_my_commands,
    "deletemycommands": about.delete_my_commands,
    "setmyname": about.set_my_name,
    "getmyname": about.get_my_name,
    "setmydescription": about.set_my_description,
    "getmydescription": about.get_my_description,
    "setmyshortdescription": about.set_my_short_description,
    "getmyshortdescription": about.get_my_short_description,
    "getchat": groups.get_chat,
    "getchatmember": groups.get_chat_member,
    "getchatadministrators": groups.get_chat_administrators,
    "getchatmembercount": groups.get_chat_member_count,
    "leavechat": groups.leave_chat,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagemedia": editing.edit_message_media,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
}
TOKEN_FORM = re.compile(r"\d+:[\w-]+")


class BotApi:
    """`/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        method, file = "/bot{token}/{method}", "/file/bot{token}/files/{file_id}"
        return [web.get(method, self.call), web.post(method, self.call), web.get(file, self.download)]

    async def call(self, request: web.Request) -> web.Response:
        """Answer one method call; refusals are answers, too."""
        try:
            self._check_token(request.match_info["token"])
            result, fault = await self._perform(request)
        except ApiError as error:
            self._count(request, error.code)
            return _refuse(error)
        self._count(request, 200)
        if fault is not None:
            await _swallow(request, fault)
        return web.json_response({"ok": True, "result": result})

    async def download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request.match_info["token"])
            upload = self._world.files.content(request.match_info["file_id"])
        except ApiError as error:
            return _refuse(error)
        return web.Response(body=upload.content, content_type=upload.content_type)

    async def _perform(self, request: web.Request) -> tuple[Any, Fault | None]:
        name = request.match_info["method"].lower()
        if name not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        params = await read_params(request)
        fault = self._world.faults.strike(name, _chat_id(params))
        result = METHODS[name](self._world, params)
        return (await result if inspect.isawaitable(result) else result), fault

    def _count(self, request: web.Request, code: int) -> None:
        name = request.match_info["method"].lower()
        self._world.traffic.count(name if name in METHODS else "unknown", code, self._world.clock().timestamp())

    def _check_token(self, token: str) -> None:
        if not TOKEN_FORM.fullmatch(token):
            raise ApiError(404, "Not Found")
        if not hmac.compare_digest(token.encode(), self._world.options.token.encode()):
            raise ApiError(401, "Unauthorized")


def _chat_id(params: Params) -> int:
    """The chat a fault may be meant for; 0 for what is no chat id, which the method itself will refuse."""
    given = params.text("chat_id")
    return int(given) if given.removeprefix("-").isdecimal() else 0


def _refuse(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.code)


async def _swallow(request: web.Request, fault: Fault) -> None:
    """Leave the caller without an answer: wait, then close the connection below the response."""
    await asyncio.sleep(fault.delay)
    if request.transport is not None:
        request.transport.abort()
