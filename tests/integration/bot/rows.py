"""Rows that other processes write, made directly: titles, scans, opportunities and the alerts owed for them."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.filters import Filter
from models.alerts import Alert
from models.chats import Chat
from models.database import Database
from models.items import Item, ItemGroup
from models.opportunities import OpportunityRow
from models.queries import alerts, chats
from tests.unit.bot.proofs import a_proof

numbers = itertools.count(1)


def clock() -> datetime:
    return datetime.now(UTC)


def an_opportunity(session: Session, at: datetime | None = None, **values: Any) -> OpportunityRow:
    """An open opportunity of a title of its own; `values` replace columns or fields of its proof."""
    number, at = next(numbers), at or clock()
    columns = {key: values.pop(key) for key in list(values) if key in {"state", "cents_per_day", "evidence"}}
    proof = a_proof(**{"title": f"AWP | Number {number} (Field-Tested)", "offer_id": f"offer-{number}"} | values)
    group = ItemGroup(game=proof.game, size=1, observed_at=at)
    session.add(group)
    session.flush()
    item = Item(game=proof.game, title=proof.title, group_id=group.id, first_seen_at=at, last_seen_at=at)
    session.add(item)
    session.flush()
    stored = {"state": "open", "cents_per_day": 100, "evidence": proof.model_dump(mode="json")} | columns
    row = OpportunityRow(
        item_id=item.id,
        variant="",
        game=proof.game,
        level=proof.level,
        exit=proof.exit,
        offer_id=proof.offer_id,
        buy=proof.buy,
        net=116,
        return_bps=940,
        capacity=proof.capacity,
        opened_at=at,
        confirmed_at=at,
        **stored,
    )
    session.add(row)
    session.flush()
    return row


def owe(
    database: Database,
    chat_ids: Sequence[int],
    *,
    at: datetime | None = None,
    lasts: timedelta = timedelta(minutes=2),
    **values: Any,
) -> OpportunityRow:
    """An opportunity with an alert for each chat, announced as the worker does it."""
    at = at or clock()
    with database.transaction() as session:
        row = an_opportunity(session, at, **values)
        alerts.create(session, row.id, row.offer_id, row.buy, chat_ids, now=at, expires_at=at + lasts)
        alerts.notify(session)
    return row


def subscribed(database: Database, *chat_ids: int, kind: str = "private") -> None:
    with database.transaction() as session:
        for chat_id in chat_ids:
            chats.subscribe(session, chat_id, kind, Filter(), clock())


def outbox(database: Database) -> list[Alert]:
    """Every alert, oldest first."""
    with database.transaction() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def states(database: Database) -> list[tuple[str, str | None]]:
    return [(alert.state, alert.reason) for alert in outbox(database)]


def chat_row(database: Database, chat_id: int) -> Chat | None:
    with database.transaction() as session:
        return session.get(Chat, chat_id)
