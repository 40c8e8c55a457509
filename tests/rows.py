"""Rows with sensible values in a real database; a test states only what it is about. Each call is one transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text

from domain.filters import Filter
from domain.levels import LEVELS
from domain.nomination import Nomination, Reason
from domain.quotes import AggregatedPrice
from models.base import Table
from models.chats import ChatState
from models.database import Database
from models.queries import batches, catalogue, chats, history, nominees, prices, scans
from models.queries.batches import Batch
from models.queries.nominees import Claimed, Nominated
from models.queries.scans import Outcome, Plan
from tests.factories import NOW

LENGTH = timedelta(minutes=2)  # of a scan run


def rows(database: Database, statement: str, **values: object) -> list[Row[Any]]:
    """What a statement of the test's own returns."""
    with database.transaction() as session:
        return list(session.execute(text(statement), values).all())


def single(database: Database, statement: str, **values: object) -> Any:
    """The only value of a statement's only row."""
    ((value,),) = rows(database, statement, **values)
    return value


def counts(database: Database, *tables: type[Table]) -> list[int]:
    """How many rows each table holds."""
    with database.transaction() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def some_titles(count: int, prefix: str = "Title") -> list[str]:
    """Distinct titles in alphabetical order."""
    return [f"{prefix} {number:05d}" for number in range(count)]


def make_items(
    database: Database, count: int, *, game: str = "csgo", at: datetime = NOW, prefix: str = "Title"
) -> dict[str, int]:
    """Item ids by title, in groups of at most 100, as the catalogue walk makes them at `at`."""
    titles = some_titles(count, prefix)
    with database.transaction() as session:
        catalogue.see_titles(session, game, titles, at)
        found = session.execute(
            text("SELECT title, id FROM items WHERE game = :game AND title = ANY(:titles)"),
            {"game": game, "titles": titles},
        )
        return {row.title: row.id for row in sorted(found)}


def make_item(database: Database, title: str = "Title 00000", *, game: str = "csgo", at: datetime = NOW) -> int:
    with database.transaction() as session:
        catalogue.see_titles(session, game, [title], at)
    return int(single(database, "SELECT id FROM items WHERE game = :game AND title = :title", game=game, title=title))


def make_partitions(database: Database, at: datetime = NOW) -> list[str]:
    with database.transaction() as session:
        return history.make_partitions(session, at)


def a_quote(bid: int | None = 900, ask: int | None = 1000, *, title: str = "") -> AggregatedPrice:
    """An aggregate in cents with one bid and two asks; None is an empty side."""
    return AggregatedPrice(title, bid, 1 if bid else 0, ask, 2 if ask else 0)


def price(
    database: Database,
    quotes: Mapping[int, AggregatedPrice | None],
    at: datetime = NOW,
    *,
    confirm: bool = False,
) -> int:
    """Store aggregates read at `at`, None for a title that was left out; how many prices changed."""
    read = {item: quote or AggregatedPrice("", None, 0, None, 0) for item, quote in quotes.items()}
    with database.transaction() as session:
        changed = prices.store(session, read, at)
        if confirm:
            prices.confirm(session, quotes, at)
    return changed


def plan(
    database: Database,
    at: datetime = NOW,
    *,
    game: str = "csgo",
    level: str | None = None,
    due_every: timedelta | None = None,
) -> Plan:
    """Ask for a scan that may last two minutes."""
    chosen = LEVELS[level] if level else None
    with database.transaction() as session:
        return scans.plan(session, game, at, length=LENGTH, level=chosen, due_every=due_every)


def a_run(database: Database, titles: int = 1, *, game: str = "csgo", at: datetime = NOW) -> int:
    """The id of a run planned at `at` over that many titles, a batch for each hundred."""
    make_items(database, titles, game=game, at=at)
    planned = plan(database, at, game=game)
    assert planned.outcome is Outcome.PLANNED
    assert planned.run_id is not None
    return planned.run_id


def claim_batch(database: Database, run_id: int, at: datetime = NOW) -> Batch | None:
    with database.transaction() as session:
        return batches.claim_batch(session, run_id, at)


def finish_batch(database: Database, batch: Batch | None, at: datetime = NOW) -> bool:
    """Finish a batch that changed two prices and nominated one title."""
    assert batch is not None
    with database.transaction() as session:
        return batches.finish_batch(session, batch, at, changed=2, nominated=1)


def read_all(database: Database, at: datetime = NOW, *, game: str = "csgo") -> None:
    """One full scan that somebody asked for, without prices."""
    run_id = plan(database, at, game=game).run_id or 0
    while batch := claim_batch(database, run_id, at):
        finish_batch(database, batch, at)


def nominate(
    database: Database,
    item_id: int,
    at: datetime = NOW,
    *,
    score: int = 100,
    reason: Reason = Reason.INSTANT,
    bid: int | None = 1200,
    ask: int | None = 1000,
) -> int:
    """Queue a title; how many did not wait already."""
    one = Nominated(item_id, Nomination(reason, score), a_quote(bid, ask))
    with database.transaction() as session:
        return nominees.add(session, [one], at)


def claim_nominee(database: Database, at: datetime = NOW) -> Claimed | None:
    with database.transaction() as session:
        return nominees.claim(session, at)


def a_claimed(database: Database, item_id: int, at: datetime = NOW, **numbers: Any) -> Claimed:
    """A title nominated and claimed at `at`."""
    nominate(database, item_id, at, **numbers)
    claimed = claim_nominee(database, at)
    assert claimed is not None
    assert claimed.item_id == item_id
    return claimed


def make_chat(database: Database, chat_id: int, *, state: ChatState = ChatState.ACTIVE, at: datetime = NOW) -> None:
    """A private chat that wants to be told of everything, or said /stop."""
    with database.transaction() as session:
        chats.subscribe(session, chat_id, "private", Filter(), at)
        if state is ChatState.STOPPED:
            chats.stop(session, chat_id, at)
