"""Where a subscriber can buy what an alert is about."""

from urllib.parse import quote


def title_url(game: str, title: str) -> str:
    """The offers of a title on the exchange; a game's part of the shop is named after its key."""
    shop = f"https://dmarket.com/ingame-items/item-list/{quote(game, safe='')}-skins"
    return f"{shop}?title={quote(title, safe='')}"


def offer_url(game: str, title: str, offer_id: str) -> str:
    """The offer's page on the exchange."""
    return f"{title_url(game, title)}&userOfferId={quote(offer_id, safe='')}"
