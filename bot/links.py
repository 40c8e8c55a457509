"""Where a subscriber can buy what an alert is about, and links into a chat with this bot."""

import re
from urllib.parse import quote

_WATCH = re.compile(r"w_([0-9]{1,18})")  # what a link to an item's watches brings along


def title_url(game: str, title: str) -> str:
    """The offers of a title on the exchange; a game's part of the shop is named after its key."""
    shop = f"https://dmarket.com/ingame-items/item-list/{quote(game, safe='')}-skins"
    return f"{shop}?title={quote(title, safe='')}"


def offer_url(game: str, title: str, offer_id: str) -> str:
    """The offer's page on the exchange."""
    return f"{title_url(game, title)}&userOfferId={quote(offer_id, safe='')}"


def watch_url(bot: str, item_id: int) -> str:
    """Opens a chat with the bot of this username at what can be watched of an item; a newcomer is subscribed
    (core.telegram.org/api/links#bot-links).
    """
    return f"https://t.me/{bot}?start=w_{item_id}"


def linked(words: str) -> str | None:
    """The item's number that such a link has brought behind /start, None for any other text."""
    found = _WATCH.fullmatch(words.strip())
    return found[1] if found else None


def share_url(url: str, text: str) -> str:
    """Asks to which chat a link shall be passed on, with a text that can be changed
    (core.telegram.org/api/links#share-links).
    """
    return f"https://t.me/share/url?url={quote(url, safe='')}&text={quote(text, safe='')}"
