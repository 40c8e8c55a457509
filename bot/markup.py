"""Keyboards as Telegram takes them."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.reply import Button, Keyboard
from bot.seal import Seal


def markup(keyboard: Keyboard, chat_id: int, seal: Seal) -> InlineKeyboardMarkup | None:
    """The keyboard with its buttons signed for this chat, None for one without buttons."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup([[_button(one, chat_id, seal) for one in row] for row in keyboard])


def _button(button: Button, chat_id: int, seal: Seal) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=seal.pack(chat_id, button.route, button.args))
