"""The sandbox as python-telegram-bot sees it, unchanged but for its two base addresses."""

import asyncio
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from sandbox.telegram.server import TelegramSandbox
from tests.integration.sandbox_telegram.conftest import png
from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver

Context = ContextTypes.DEFAULT_TYPE


def library_bot(sandbox: TelegramSandbox, token: str = "") -> Bot:
    return Bot(token or sandbox.token, base_url=sandbox.base_url, base_file_url=sandbox.base_file_url)


async def greet(update: Update, _context: Context) -> None:
    assert update.message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Buy", callback_data="buy:1")]])
    await update.message.reply_html("<b>Welcome</b>", reply_markup=keyboard)


async def bought(update: Update, _context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Noted")
    await update.callback_query.edit_message_text("Bought", parse_mode=ParseMode.HTML)


def build(sandbox: TelegramSandbox) -> Application[Any, Any, Any, Any, Any, Any]:
    application = (
        Application.builder()
        .token(sandbox.token)
        .base_url(sandbox.base_url)
        .base_file_url(sandbox.base_file_url)
        .build()
    )
    application.add_handler(CommandHandler("start", greet))
    application.add_handler(CallbackQueryHandler(bought))
    return application


async def talk(driver: Driver) -> list[dict[str, Any]]:
    """Run an application by polling while a user says /start and presses the button."""
    application = build(driver.sandbox)
    async with application:
        assert application.updater is not None
        await application.bot.set_my_commands([BotCommand("start", "Begin")])
        await application.updater.start_polling(timeout=1, drop_pending_updates=True)
        await application.start()
        await asyncio.to_thread(driver.control, f"chats/{USER}/say", text="/start")
        (welcome,) = await asyncio.to_thread(driver.transcript, 0, 9)
        await asyncio.to_thread(driver.control, f"chats/{USER}/press", message_id=welcome["message_id"], data="buy:1")
        await asyncio.to_thread(driver.transcript, 2, 9)
        await application.updater.stop()
        await application.stop()
    return driver.transcript()


def test_application_answers_commands_and_buttons(driver: Driver) -> None:
    """Polling, command and callback handlers work as against the real service."""
    lines = asyncio.run(talk(driver))

    assert [(line["kind"], line["text"]) for line in lines] == [
        ("send", "Welcome"),
        ("answer", "Noted"),
        ("edit", "Bought"),
    ]
    assert driver.result("getMyCommands") == [{"command": "start", "description": "Begin"}]


def test_bot_sends_and_edits_files(driver: Driver) -> None:
    """Photos and documents go as multipart; what comes back are the library's objects; downloads work."""

    async def act() -> tuple[int, str | None, bytes]:
        async with library_bot(driver.sandbox) as bot:
            photo = await bot.send_photo(USER, png(30, 20), caption="<b>chart</b>", parse_mode="HTML")
            await photo.edit_caption("new caption")
            document = await bot.send_document(USER, b"a;b\n", filename="prices.csv")
            assert document.document is not None
            file = await document.document.get_file()
            content = bytes(await file.download_as_bytearray())
            await document.delete()
            return photo.photo[0].width, document.document.file_name, content

    result = asyncio.run(act())

    assert result == (30, "prices.csv", b"a;b\n")
    assert [line["kind"] for line in driver.transcript()] == ["send", "edit", "send", "delete"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "429", "retry_after": 3}, RetryAfter),
        ({"kind": "403", "chat_id": GROUP}, Forbidden),
        ({"kind": "migrate", "chat_id": GROUP, "to": -100123}, ChatMigrated),
        ({"kind": "400", "chat_id": GROUP}, BadRequest),
        ({"kind": "500"}, NetworkError),
        ({"kind": "swallow"}, NetworkError),
        ({"kind": "swallow", "delay": 30}, TimedOut),
    ],
)
def test_faults_raise_the_errors_of_the_library(
    driver: Driver, fault: dict[str, object], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each planned failure is the exception that the bot has to deal with."""
    # Without it the library warns that RetryAfter will carry a timedelta one day.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    driver.control("chats", id=GROUP, type="group", first_name="Traders")
    driver.control("faults", **fault)

    async def act() -> None:
        async with library_bot(driver.sandbox) as bot:
            await bot.send_message(GROUP, "hi", read_timeout=0.5)

    with pytest.raises(error) as caught:
        asyncio.run(act())
    if isinstance(caught.value, ChatMigrated):
        assert caught.value.new_chat_id == -100123


def test_wrong_token_is_an_invalid_token(sandbox: TelegramSandbox) -> None:
    """The library turns 401 into the error that stops a bot."""

    async def act() -> None:
        async with library_bot(sandbox, "1234:other"):
            pass

    with pytest.raises(InvalidToken):
        asyncio.run(act())
