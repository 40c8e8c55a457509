"""Chats with filters and stored deals, as matching finds them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.deals import Deal
from domain.filters import Filter, Wishes
from domain.games import GAMES
from domain.words import spaced
from models.chats import Chat, ChatState
from models.database import Database
from models.opportunities import OpportunityRow
from models.queries import filters, matching
from models.queries.opportunities import TRAITS
from tests.factories import NOW
from tests.rows import make_item

EVERYBODY = 100_000


def settle(database: Database, wishes: Mapping[int, Wishes]) -> None:
    """Active chats with these filters by game, the default one where none is given."""
    with database.transaction() as session:
        for chat_id, own in wishes.items():
            values = {"id": chat_id, "kind": "private", "state": ChatState.ACTIVE.value}
            session.add(Chat(**values, created_at=NOW, changed_at=NOW))
            session.flush()
            filters.add(session, chat_id, {game: own.get(game, Filter()) for game in GAMES})


def told(database: Database, deal: Deal, *, seed: int = 1, most: int = EVERYBODY) -> list[int]:
    with database.transaction() as session:
        return matching.audience(session, deal, seed, most, NOW)


def store(database: Database, deal: Deal, *, worth: int = 100, at: datetime = NOW, state: str = "open") -> Deal:
    """A deal as an opportunity opened and confirmed at that time; the deal with the item's id that it got."""
    item_id = make_item(database, deal.title or f"Item {deal.item_id}", game=deal.game)
    traits = {name: getattr(deal.traits, name) for name in TRAITS} | {"classes": sorted(deal.traits.classes)}
    with database.transaction() as session:
        row = OpportunityRow(
            item_id=item_id,
            variant=str(worth),
            state=state,
            game=deal.game,
            level=deal.level,
            exit=deal.exit,
            offer_id=f"offer-{worth}",
            buy=deal.buy,
            net=deal.net,
            return_bps=deal.return_bps,
            capacity=1,
            cents_per_day=worth,
            evidence={},
            opened_at=at,
            confirmed_at=at,
            sales_tenths=deal.sales_tenths,
            listed_at=None if deal.age is None else at - min(timedelta(seconds=deal.age), timedelta(days=30_000)),
            words=spaced(deal.title),
            **traits,
        )
        session.add(row)
    return replace(deal, item_id=item_id)
