"""Buttons of muted items; a title is too long for a label, so they carry the numbers of the list."""

from bot.keyboards.common import turned
from bot.keyboards.settings import MUTED, part
from bot.paging import Page
from bot.reply import Button, Keyboard, grid
from bot.speech import Speech
from models.queries.manners import Muted

UNMUTE, MUTE_ITEM = "unmute", "mute_item"


def muted_list(page: Page[Muted], speech: Speech) -> Keyboard:
    numbers = (
        Button(f"🔔 {number}", UNMUTE, (str(one.item_id), str(page.number)))
        for number, one in enumerate(page.shown, page.first)
    )
    return part((*grid(numbers, 4), *turned(speech, page.number, page.of, MUTED)), speech)


def item_muted(item_id: int, speech: Speech) -> Keyboard:
    undo = Button(speech.text("🔔 Undo"), UNMUTE, (str(item_id), "1"))
    return part(((undo,),), speech, MUTED)
