"""python-telegram-bot's application: the commands wired to their texts, errors to one line of log."""

import asyncio
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any

from telegram import Bot, BotCommand, Chat, Update
from telegram.constants import ChatType, ParseMode
from telegram.error import RetryAfter, TelegramError
from telegram.ext import Application, CallbackContext, CommandHandler, MessageHandler, filters
from telegram.request import HTTPXRequest

from bot.command import ChatRef, Command
from bot.commands import COMMANDS, HELP
from bot.outcome import of_error
from bot.pacing import Pacing
from bot.polling import PollRequest
from bot.sender import NO_PREVIEW
from bot.services import DATABASE_AWAY, Services, reason
from models.alerts import AlertState
from models.queries import chats
from models.queries.alerts import Reason
from telemetry.logs import logger
from telemetry.metrics import ALERTS

log = logger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]

AWAY = "My database does not answer at the moment. Please try again in a minute."


def build(services: Services, poll: PollRequest, pacing: Pacing) -> App:
    """The application with every handler; nothing is sent before it is initialised."""
    url = services.settings.telegram_api_url
    request = HTTPXRequest(
        connection_pool_size=32, read_timeout=8.0, write_timeout=5.0, connect_timeout=5.0, pool_timeout=5.0
    )
    app: App = (
        Application.builder()
        .token(services.settings.telegram_bot_token.get_secret_value())
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .request(request)
        .get_updates_request(poll)
        .job_queue(None)
        .build()
    )
    for command in COMMANDS:
        only_new = filters.UpdateType.MESSAGE
        app.add_handler(CommandHandler(command.name, _replying(services, pacing, command), filters=only_new))
    # In a group an unknown command may be meant for another bot.
    app.add_handler(
        MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, _replying(services, pacing, HELP))
    )
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, _migrating(services)))
    app.add_error_handler(_report)
    return app


def menu() -> list[BotCommand]:
    """Telegram's command menu: exactly the commands that exist."""
    return [BotCommand(command.name, command.description) for command in COMMANDS]


def _replying(services: Services, pacing: Pacing, command: Command) -> Callback:
    async def reply(update: Update, context: Context) -> None:
        chat = update.effective_chat
        if chat is None:
            return
        try:
            texts = await command.answer(services, ChatRef(chat.id, chat.type))
        except DATABASE_AWAY as error:
            log.warning("a command could not be answered", command=command.name, reason=reason(error))
            texts = [AWAY]
        for text in texts:
            await _say(context.bot, pacing, chat, text)

    return reply


async def _say(bot: Bot, pacing: Pacing, chat: Chat, text: str) -> None:
    """Send a text, waiting once when Telegram asks to."""
    group = chat.type != ChatType.PRIVATE
    for last in (False, True):
        pacing.record(chat.id, monotonic(), group=group)
        try:
            await bot.send_message(chat.id, text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)
        except RetryAfter as error:
            if last:
                raise
            wait = of_error(error).seconds
            pacing.refused(chat.id, monotonic() + wait, group=group)
            await asyncio.sleep(wait)
        else:
            return


def _migrating(services: Services) -> Callback:
    async def migrate(update: Update, _context: Context) -> None:
        message = update.effective_message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        now = services.now()
        merged = await services.query(lambda session: chats.migrate(session, old, new, now))
        ALERTS.labels(AlertState.SUPPRESSED, Reason.MERGED).inc(merged)

    return migrate


async def _report(_update: object, context: Context) -> None:
    error = context.error
    if isinstance(error, TelegramError):
        log.warning("an answer did not get through", reason=f"{type(error).__name__}: {error.message}")
    else:
        log.error("an update was not handled", exc_info=error)
