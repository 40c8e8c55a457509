"""Replies handed to Telegram: sent, or put in the place of the message whose button was pressed."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from telegram import Bot, ForceReply, InputFile, InputMediaPhoto, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.asked import Asked
from bot.markup import markup
from bot.reply import Keyboard, Reply, Say
from bot.seal import Seal
from bot.sender import NO_PREVIEW

_SAME = "message is not modified"


@dataclass(frozen=True, slots=True)
class Answering:
    """Hands replies over; bot/counting.py makes each wait for its turn."""

    bot: Bot
    seal: Seal

    async def give(self, asked: Asked, reply: Reply, pressed: Message | None = None) -> None:
        """Say everything; the first message replaces `pressed` where it can.

        In a group a bot hears answers only as replies, so a question there comes last and asks for one.
        """
        if pressed and reply.below:
            await self._relabel(asked, reply.below, pressed)
        last = len(reply.says) - 1
        for place, say in enumerate(reply.says):
            asks = reply.asks is not None and place == last and not asked.private
            fits = pressed and not place and not reply.anew and not asks
            if fits and pressed and await self._replaced(asked, say, pressed):
                continue
            try:
                await self._send(asked, say, asks=asks)
            except BadRequest as error:
                if reply.refused is None:
                    raise
                await self._send(asked, reply.refused(place, error.message), asks=False)
                return

    async def _send(self, asked: Asked, say: Say, *, asks: bool) -> Message:
        keyboard = ForceReply() if asks else markup(say.keyboard, asked.chat_id, self.seal)
        where: dict[str, Any] = {
            "message_thread_id": asked.thread_id,
            "reply_markup": keyboard,
            "parse_mode": ParseMode.HTML,
        }
        if say.picture:
            return await self.bot.send_photo(asked.chat_id, say.picture, caption=say.text, **where)
        if say.file:
            document = InputFile(say.file.content, say.file.name)
            return await self.bot.send_document(asked.chat_id, document, caption=say.text, **where)
        return await self.bot.send_message(asked.chat_id, say.text, link_preview_options=NO_PREVIEW, **where)

    async def _replaced(self, asked: Asked, say: Say, pressed: Message) -> bool:
        """Put it where the pressed button was; False where the kinds differ or the message is gone."""
        if say.file or bool(say.picture) != bool(pressed.photo):
            return False
        try:
            await self._edit(asked, say, pressed)
        except BadRequest as error:
            return _SAME in error.message.lower()
        return True

    async def _relabel(self, asked: Asked, keyboard: Keyboard, pressed: Message) -> None:
        """Put these buttons below it; one that has them already, or is gone, stays as it is."""
        with suppress(BadRequest):
            await self.bot.edit_message_reply_markup(
                chat_id=asked.chat_id,
                message_id=pressed.message_id,
                reply_markup=markup(keyboard, asked.chat_id, self.seal),
            )

    async def _edit(self, asked: Asked, say: Say, pressed: Message) -> object:
        keyboard = markup(say.keyboard, asked.chat_id, self.seal)
        if say.picture:
            media = InputMediaPhoto(say.picture, caption=say.text, parse_mode=ParseMode.HTML)
            return await self.bot.edit_message_media(
                media, chat_id=asked.chat_id, message_id=pressed.message_id, reply_markup=keyboard
            )
        return await self.bot.edit_message_text(
            say.text,
            chat_id=asked.chat_id,
            message_id=pressed.message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
        )
