"""Answers of the exchange as whole pages, and what a request asked for."""

from urllib.parse import parse_qs, urlsplit

from tests.integration.dmarket.scripted import Asked, Reply
from tests.unit.dmarket.samples import offer_row, price_row


def query_of(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}


def prices_page(*titles: str, cursor: str = "") -> Reply:
    return Reply({"aggregatedPrices": [price_row(title=title) for title in titles], "nextCursor": cursor})


def offers_page(*titles: str, cursor: str = "", cents: int = 1000) -> Reply:
    rows = [
        offer_row(offerId=f"{title}-{cents}-{number}", priceCents=str(cents + number), attributes={"title": title})
        for number, title in enumerate(titles)
    ]
    return Reply({"items": rows, "total": "1", "cursor": cursor})
