import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.telegram.callbacks import CallbackBook
from sandbox.telegram.chats import Chat
from sandbox.telegram.commands import CommandBook
from sandbox.telegram.errors import bad_request
from sandbox.telegram.faults import FaultPlan
from sandbox.telegram.files import FileStore
from sandbox.telegram.formatted import Entity, FormattedText
from sandbox.telegram.limits import SendLimits
from sandbox.telegram.markup import buttons_of
from sandbox.telegram.messages import Message
from sandbox.telegram.transcript import Transcript
from sandbox.telegram.updates import UpdateQueue
from sandbox.telegram.utf16 import utf16_length

COMMAND = re.compile(r"(?<![\w/])/\w{1,32}(?:@\w{3,32})?", re.ASCII)


@dataclass(frozen=True)
class Options:
    """`strict_limits` refuses what exceeds Telegram's sending limits; a button press can be answered for
    `callback_seconds`.
    """

    token: str = "1234:sandbox"  # noqa: S105  # the token of the sandbox's own bot, opens nothing
    username: str = "skinbeat_sandbox_bot"
    strict_limits: bool = False
    callback_seconds: float = 60.0


class World:
    """The chats, their messages and all else that lies behind the API of one bot."""

    def __init__(self, options: Options, clock: Callable[[], datetime]) -> None:
        """`clock` gives the aware time in UTC."""
        self.options = options
        self.clock = clock
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue()
        self.transcript = Transcript()
        self.callbacks = CallbackBook(timedelta(seconds=options.callback_seconds))
        self.commands = CommandBook()
        self.files = FileStore()
        self.faults = FaultPlan()
        self.webhook: dict[str, Any] = {"url": ""}
        self._limits = SendLimits()
        self._messages: dict[tuple[int, int], Message] = {}
        self._last_message = 0

    @property
    def bot(self) -> dict[str, Any]:
        """The bot as bots/api#user; its id is the first part of the token."""
        bot_id = int(self.options.token.partition(":")[0])
        return {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Skinbeat sandbox",
            "username": self.options.username,
        }

    def reachable_chat(self, chat_id: int) -> Chat:
        """The chat, if the bot may write there; ApiError 400 otherwise."""
        chat = self.chats.get(chat_id)
        if chat is None or not chat.spoke:
            raise bad_request("chat not found")
        return chat

    def find_message(self, chat_id: int, message_id: int) -> Message | None:
        return self._messages.get((chat_id, message_id))

    def send(self, chat: Chat, content: FormattedText, source: str, markup: dict[str, Any], **media: Any) -> Message:
        """Put a message of the bot into the chat and the transcript; ApiError 429 above the limits."""
        now = self.clock()
        if self.options.strict_limits:
            self._limits.admit(chat.id, now.timestamp())
        message = self._add(chat, self.bot, content, source, now)
        message.reply_markup, message.media = markup, media
        self.transcript.add(
            "send",
            chat.id,
            message.message_id,
            now,
            text=content.text,
            html=source,
            reply_markup=markup,
            **_about_media(media),
        )
        return message

    def edit(self, message: Message, content: FormattedText, source: str, markup: dict[str, Any]) -> None:
        """Change a message; ApiError 400 if nothing would change."""
        if message.content == content and message.reply_markup == markup:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        message.content, message.source, message.reply_markup = content, source, markup
        message.edited_at = self.clock()
        self.transcript.add(
            "edit",
            message.chat["id"],
            message.message_id,
            message.edited_at,
            text=content.text,
            html=source,
            reply_markup=markup,
        )

    def delete(self, message: Message) -> None:
        chat_id = message.chat["id"]
        del self._messages[chat_id, message.message_id]
        self.transcript.add("delete", chat_id, message.message_id, self.clock())

    def say(self, chat: Chat, user_id: int, text: str) -> tuple[int, int]:
        """A user writes; return the ids of the update and of the message."""
        chat.spoke = True
        content = FormattedText(text, tuple(_commands_in(text)))
        message = self._add(chat, chat.user(user_id), content, text, self.clock())
        return self.updates.put("message", message.describe()), message.message_id

    def press(self, message: Message, user: dict[str, Any], data: str) -> tuple[int, str]:
        """A user presses an inline button; return the ids of the update and of the callback query."""
        chat_id = message.chat["id"]
        query_id = self.callbacks.open(chat_id, message.message_id, self.clock())
        query = {
            "id": query_id,
            "from": user,
            "message": message.describe(),
            "chat_instance": f"instance-{chat_id}",
            "data": data,
        }
        return self.updates.put("callback_query", query), query_id

    def _add(self, chat: Chat, sender: dict[str, Any], content: FormattedText, source: str, now: datetime) -> Message:
        self._last_message += 1
        message = Message(self._last_message, chat.describe(), sender, now, content, source)
        self._messages[chat.id, message.message_id] = message
        return message


def button_data(message: Message) -> list[str]:
    """The callback data of all buttons below the message."""
    return [button["callback_data"] for button in buttons_of(message.reply_markup) if "callback_data" in button]


def _commands_in(text: str) -> list[Entity]:
    return [
        Entity("bot_command", utf16_length(text[: match.start()]), utf16_length(match.group()))
        for match in COMMAND.finditer(text)
    ]


def _about_media(media: dict[str, Any]) -> dict[str, Any]:
    """What the transcript tells about a file: its kind, name, size in bytes and id."""
    if "photo" in media:
        return {"media": {"kind": "photo", **media["photo"][0]}}
    return {"media": {"kind": "document", **media["document"]}} if "document" in media else {}
