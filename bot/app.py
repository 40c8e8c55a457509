"""python-telegram-bot's application: updates handed to the dispatch, errors to one line of log."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Bot, BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.answering import Answering
from bot.command import Command
from bot.commands import COMMANDS
from bot.counting import Counting
from bot.dispatch import Dispatch
from bot.members import Members
from bot.membership import changed
from bot.pacing import Pacing
from bot.polling import PollRequest
from bot.seal import Seal
from bot.services import Services
from bot.speech import ENGLISH, LANGUAGES, Speech, speech
from bot.turns import Turns
from models.alerts import AlertState
from models.queries import chats
from models.queries.alerts import Reason
from models.queries.roles import Role, may
from telemetry.logs import logger
from telemetry.metrics import ALERTS

log = logger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]

TAKEN_IN = 100  # updates between Telegram and their turns: then polling waits
UPDATES = ["message", "callback_query", "my_chat_member"]  # what Telegram is asked to send


def build(services: Services, poll: PollRequest, pacing: Pacing, turns: Turns) -> App:
    """The application with every handler; nothing is sent before it is initialised."""
    url = services.settings.telegram_api_url
    request = HTTPXRequest(
        connection_pool_size=64, read_timeout=8.0, write_timeout=5.0, connect_timeout=5.0, pool_timeout=5.0
    )
    app: App = (
        Application.builder()
        .token(services.settings.telegram_bot_token.get_secret_value())
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .request(request)
        .rate_limiter(Counting(pacing))
        .get_updates_request(poll)
        .concurrent_updates(turns)
        .update_queue(asyncio.Queue(TAKEN_IN))
        .job_queue(None)
        .build()
    )
    answering = Answering(app.bot, seal(services))
    dispatch = Dispatch(services, answering, Members(app.bot))
    new = filters.UpdateType.MESSAGE
    for command in COMMANDS.values():
        app.add_handler(CommandHandler(command.name, _command(dispatch, command), filters=new))
    app.add_handler(CallbackQueryHandler(_press(dispatch)))
    app.add_handler(ChatMemberHandler(_membership(services, answering), ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, _migrating(services)))
    # In a group an unknown command may be meant for another bot.
    app.add_handler(MessageHandler(new & (filters.ChatType.PRIVATE | ~filters.COMMAND), _text(dispatch)))
    app.add_error_handler(_report)
    return app


def seal(services: Services) -> Seal:
    """What signs the buttons of this bot, the same in each of its processes."""
    return Seal(services.settings.telegram_bot_token.get_secret_value())


def menu(language: str, role: Role | None = None) -> list[BotCommand]:
    """Telegram's command menu in one language: exactly the commands that somebody of this role may use."""
    speaking = speech(language)
    shown = (one for one in COMMANDS.values() if one.description and may(role, one.role))
    return [BotCommand(one.name, described(one, speaking)) for one in shown]


def described(command: Command, speaking: Speech) -> str:
    return speaking.text(command.description)


async def introduce(bot: Bot) -> None:
    """Tell Telegram which commands there are, in each language."""
    await bot.set_my_commands(menu(ENGLISH))
    for language in LANGUAGES:
        await bot.set_my_commands(menu(language), language_code=language)


def _command(dispatch: Dispatch, command: Command) -> Callback:
    async def run(update: Update, context: Context) -> None:
        await dispatch.command(update, command, " ".join(context.args or ()))

    return run


def _press(dispatch: Dispatch) -> Callback:
    async def run(update: Update, _context: Context) -> None:
        await dispatch.press(update)

    return run


def _text(dispatch: Dispatch) -> Callback:
    async def run(update: Update, _context: Context) -> None:
        await dispatch.text(update)

    return run


def _membership(services: Services, answering: Answering) -> Callback:
    async def run(update: Update, _context: Context) -> None:
        await changed(services, answering, update)

    return run


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
