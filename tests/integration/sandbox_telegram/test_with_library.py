"""The sandbox as python-telegram-bot sees it, unchanged but for its two base addresses."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from sandbox.telegram.server import TelegramSandbox
from tests.integration.sandbox_telegram.conftest import png
from tests.integration.sandbox_telegram.driver import GROUP, USER, Driver

Context = ContextTypes.DEFAULT_TYPE
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


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


def build(sandbox: TelegramSandbox) -> AnyApplication:
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


async def begin_polling(application: AnyApplication) -> None:
    assert application.updater is not None
    await application.updater.start_polling(timeout=1, drop_pending_updates=True)


async def begin_webhook(application: AnyApplication) -> None:
    """On a port that is free now; the library opens it itself."""
    assert application.updater is not None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    await application.updater.start_webhook(
        "127.0.0.1", port, "hook", webhook_url=f"http://127.0.0.1:{port}/hook", secret_token="s3cret"
    )


async def talk(driver: Driver, begin: Callable[[AnyApplication], Awaitable[None]]) -> list[dict[str, Any]]:
    """Run an application while a user says /start and presses the button."""
    application = build(driver.sandbox)
    async with application:
        assert application.updater is not None
        await application.bot.set_my_commands([BotCommand("start", "Begin")])
        await begin(application)
        await application.start()
        await asyncio.to_thread(driver.control, f"chats/{USER}/say", text="/start")
        (welcome,) = await asyncio.to_thread(driver.transcript, 0, 9)
        await asyncio.to_thread(driver.control, f"chats/{USER}/press", message_id=welcome["message_id"], data="buy:1")
        await asyncio.to_thread(driver.transcript, 2, 9)
        await application.updater.stop()
        await application.stop()
    return driver.transcript()


@pytest.mark.parametrize("begin", [begin_polling, begin_webhook])
def test_application_answers_commands_and_buttons(
    driver: Driver, begin: Callable[[AnyApplication], Awaitable[None]]
) -> None:
    """Polling, webhook, command and callback handlers work as against the real service."""
    lines = asyncio.run(talk(driver, begin))

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


def test_picture_takes_the_place_of_another(driver: Driver) -> None:
    """And of a text; the same picture again is no change."""

    async def act() -> list[tuple[int, str | None]]:
        async with library_bot(driver.sandbox) as bot:
            photo = await bot.send_photo(USER, png(30, 20), caption="24 h")
            day = await photo.edit_media(InputMediaPhoto(png(60, 40), caption="<b>7 d</b>", parse_mode="HTML"))
            text = await bot.send_message(USER, "a text")
            added = await text.edit_media(InputMediaPhoto(photo.photo[0].file_id))
            with pytest.raises(BadRequest, match="Message is not modified"):
                await text.edit_media(InputMediaPhoto(photo.photo[0].file_id))
            assert isinstance(day, Message)
            assert isinstance(added, Message)
            return [(day.photo[0].width, day.caption), (added.photo[0].width, added.caption)]

    pictures = asyncio.run(act())

    assert pictures == [(60, "7 d"), (30, None)]
    assert [line["kind"] for line in driver.transcript()] == ["send", "edit", "send", "edit"]
    assert driver.transcript()[1]["media"]["height"] == 40


def test_groups_are_the_objects_of_the_library(driver: Driver) -> None:
    """Roles, administrators, the whole chat, and what came with a message of a topic."""
    people = [{"id": 11, "status": "creator"}, {"id": 12, "status": "administrator"}]
    topics = [{"id": 5, "name": "Deals"}]
    driver.control("chats", id=-100200, type="supergroup", title="Traders", members=people, topics=topics)
    driver.control("chats/-100200/say", text="/start", user_id=12, anonymous=True, message_thread_id=5)
    driver.control("chats/-100200/bot", status="kicked", user_id=11)
    driver.control("chats/-100200/bot", status="member", user_id=11)

    async def act() -> tuple[list[str], str | None, bool | None, tuple[Update, ...]]:
        async with library_bot(driver.sandbox) as bot:
            administrators = await bot.get_chat_administrators(-100200)
            member = await bot.get_chat_member(-100200, 12)
            chat = await bot.get_chat(-100200)
            updates = await bot.get_updates()
            return [member.status, *(one.status for one in administrators)], chat.title, chat.is_forum, updates

    statuses, title, is_forum, (said, kicked, _) = asyncio.run(act())

    assert (statuses, title, is_forum) == (["administrator", "creator", "administrator"], "Traders", True)
    assert said.message is not None
    assert said.message.sender_chat is not None
    assert (said.message.message_thread_id, said.message.sender_chat.id) == (5, -100200)
    assert kicked.my_chat_member is not None
    assert kicked.my_chat_member.new_chat_member.status == "kicked"


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
