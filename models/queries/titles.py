"""The title behind an item's number, as screens name it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.items import Item
from models.queries import market
from models.queries.market import Quote


@dataclass(frozen=True, slots=True)
class Quoted:
    """A title with its last price; `quote` is None until the first price is read."""

    item_id: int
    game: str
    title: str
    quote: Quote | None


def title_of(session: Session, item_id: int) -> str | None:
    """None where there is no such item."""
    item = session.get(Item, item_id)
    return item.title if item else None


def quoted(session: Session, item_id: int) -> Quoted | None:
    """None where there is no such item."""
    item = session.get(Item, item_id)
    return Quoted(item.id, item.game, item.title, market.quote_of(session, item)) if item else None
