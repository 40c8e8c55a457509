"""Muted items in words: the list, and what was done."""

from html import escape

from bot.messages.wording import game_label
from bot.paging import Page
from bot.speech import Speech
from models.queries.manners import Muted


def muted_list(page: Page[Muted], zone: str, speech: Speech) -> str:
    """One page of the list, numbered; an empty one says how an item gets there."""
    if not page.shown:
        return speech.text(
            "🔕 No item is muted. <code>/mute name</code> mutes one, and so does the button below a deal."
        )
    head = speech.text("🔕 <b>Muted items</b>, page {page}/{of}. A number below ends it.", page=page.number, of=page.of)
    lines = (f"{number}. {_muted(one, zone, speech)}" for number, one in enumerate(page.shown, page.first))
    return "\n".join([head, "", *lines])


def _muted(one: Muted, zone: str, speech: Speech) -> str:
    name = f"{escape(one.title)} · {game_label(one.game)}"
    if one.until is None:
        return name
    return speech.text("{name}, until {moment}", name=name, moment=speech.moment(one.until, zone))


def item_muted(title: str, speech: Speech) -> str:
    return speech.text("🔕 No more deals of <b>{title}</b> come here.", title=escape(title))
