from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sandbox.telegram.callbacks import CallbackBook
from sandbox.telegram.chats import Chat
from sandbox.telegram.commands import CommandBook
from sandbox.telegram.errors import bad_request
from sandbox.telegram.faults import FaultPlan
from sandbox.telegram.files import FileStore
from sandbox.telegram.formatted import FormattedText
from sandbox.telegram.history import History
from sandbox.telegram.limits import SendLimits
from sandbox.telegram.messages import Message
from sandbox.telegram.profile import ProfileBook
from sandbox.telegram.traffic import Traffic
from sandbox.telegram.transcript import Transcript
from sandbox.telegram.updates import UpdateQueue
from sandbox.telegram.webhook import Webhook


@dataclass(frozen=True)
class Options:
    """`strict_limits` refuses what exceeds Telegram's sending limits; a button press can be answered for
    `callback_seconds`.
    """

    token: str = "1234:sandbox"  # noqa: S105  # the token of the sandbox's own bot, opens nothing
    username: str = "skinbeat_sandbox_bot"
    strict_limits: bool = False
    callback_seconds: float = 60.0


@dataclass(frozen=True)
class Draft:
    """A message of the bot that is about to be sent; `source` is its text as given, markup included."""

    chat: Chat
    content: FormattedText
    source: str
    markup: dict[str, Any]
    thread_id: int | None
    reply_to: Message | None
    silent: bool
    media: dict[str, Any]


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
        self.webhook = Webhook(self.updates, clock)
        self.profiles = ProfileBook()
        self.traffic = Traffic()
        self.history = History()
        self._limits = SendLimits()

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
        """The chat, if the bot may write there; ApiError 400 or 403 otherwise."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        chat.check_access()
        return chat

    def send(self, draft: Draft) -> Message:
        """Put a message of the bot into the chat and the transcript; ApiError 429 above the limits."""
        now = self.clock()
        self._admit(draft.chat.id, now)
        message = Message(
            self.history.next_id(),
            draft.chat.describe(),
            self.bot,
            now,
            draft.content,
            draft.source,
            thread_id=draft.thread_id,
            reply_to=draft.reply_to,
            reply_markup=draft.markup,
            media=draft.media,
        )
        self.history.keep(message)
        self._write_down("send", message, now, disable_notification=draft.silent)
        return message

    def edit(
        self,
        message: Message,
        content: FormattedText,
        source: str,
        markup: dict[str, Any],
        media: dict[str, Any] | None = None,
    ) -> None:
        """Change a message, its file only with `media`; ApiError 400 if nothing would change, 429 above the limits."""
        media = message.media if media is None else media
        if (message.content, message.reply_markup, message.media) == (content, markup, media):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        now = self.clock()
        self._admit(message.chat["id"], now)
        message.content, message.source, message.reply_markup, message.media = content, source, markup, media
        message.edited_at = now
        self._write_down("edit", message, now)

    def delete(self, message: Message) -> None:
        self.history.forget(message)
        self.transcript.add("delete", message.chat["id"], message.message_id, self.clock())

    def _admit(self, chat_id: int, now: datetime) -> None:
        if self.options.strict_limits:
            self._limits.admit(chat_id, now.timestamp())

    def _write_down(self, kind: Literal["send", "edit"], message: Message, now: datetime, **extra: Any) -> None:
        self.transcript.add(
            kind,
            message.chat["id"],
            message.message_id,
            now,
            text=message.content.text,
            html=message.source,
            reply_markup=message.reply_markup,
            message_thread_id=message.thread_id,
            reply_to=message.reply_to.message_id if message.reply_to else None,
            **_about_media(message.media),
            **extra,
        )


def _about_media(media: dict[str, Any]) -> dict[str, Any]:
    """What the transcript tells about a file: its kind, name, size in bytes and id."""
    if "photo" in media:
        return {"media": {"kind": "photo", **media["photo"][0]}}
    return {"media": {"kind": "document", **media["document"]}} if "document" in media else {}
