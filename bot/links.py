"""Where a subscriber can buy what an alert is about."""

from urllib.parse import quote


def offer_url(game: str, title: str, offer_id: str) -> str:
    """The offer's page on the exchange; a game's part of the shop is named after its key."""
    shop = f"https://dmarket.com/ingame-items/item-list/{quote(game, safe='')}-skins"
    return f"{shop}?title={quote(title, safe='')}&userOfferId={quote(offer_id, safe='')}"
