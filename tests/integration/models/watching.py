"""Chats that watch titles, prices that are stored beside them, and what that told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from domain.quotes import AggregatedPrice
from domain.watches import Measure, Rule, Turn
from models.alerts import Alert
from models.database import Database
from models.queries import firings, prices, sightings, watches
from tests.factories import NOW
from tests.rows import a_quote, make_chat, make_item, make_partitions, price

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BELOW = Rule(Measure.ASK, Turn.BELOW, 1000)
CHAT, OTHER = 11, 12


def below(mark: int) -> Rule:
    return Rule(Measure.ASK, Turn.BELOW, mark)


def watch(database: Database, item: int, rule: Rule = BELOW, *, chat: int = CHAT) -> int:
    with database.transaction() as session:
        return watches.add(session, chat, item, rule, NOW).id


def read(database: Database, quotes: Mapping[int, AggregatedPrice | None], at: int) -> None:
    """Prices read that many seconds after NOW, stored as a batch stores them."""
    now = NOW + at * SECOND
    stored = {item: quote or AggregatedPrice("", None, 0, None, 0) for item, quote in quotes.items()}
    with database.transaction() as session:
        prices.store(session, stored, now)
        sightings.look(session, stored)


def settle(database: Database, at: int = 0, limit: int = 100) -> int:
    with database.transaction() as session:
        return firings.settle(session, NOW + at * SECOND, limit)


def told(database: Database) -> list[dict[str, Any]]:
    """What the watches said, oldest first."""
    with database.transaction() as session:
        query = select(Alert.payload).where(Alert.kind == "watch").order_by(Alert.id)
        return [payload or {} for payload in session.scalars(query)]


def values(database: Database) -> list[tuple[Any, Any]]:
    return [(one["former"], one["value"]) for one in told(database)]


def a_watched_item(database: Database) -> int:
    """A title at $9.00 bid and $12.00 ask that two subscribed chats may watch."""
    make_partitions(database)
    for chat in (CHAT, OTHER):
        make_chat(database, chat)
    item = make_item(database)
    price(database, {item: a_quote(900, 1200)})
    return item
