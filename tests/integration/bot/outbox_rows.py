"""What the tests of the outbox share: claims at a moment past NOW, hand-overs, and messages of other kinds."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from domain.kinds import Kind
from models.alerts import Alert
from models.chats import Chat
from models.database import Database
from models.queries import alerts, claims, handover, manners
from models.queries.alerts import ClaimedAlert
from tests.factories import NOW
from tests.integration.bot.rows import outbox

LEASE = timedelta(seconds=30)
DAY = timedelta(days=1)


def claim(database: Database, *, after: float = 0.5, limit: int = 10, resting: tuple[int, ...] = ()) -> claims.Claim:
    """What a bot gets `after` seconds past NOW; the fraction decides which lane goes first (domain.turns)."""
    with database.transaction() as session:
        return claims.claim(session, NOW + timedelta(seconds=after), LEASE, limit, resting)


def send(database: Database, alert: ClaimedAlert, *, after: float = 0.5, number: int = 77) -> None:
    """Hand a claimed message over, and record that Telegram took it."""
    at = NOW + timedelta(seconds=after)
    with database.transaction() as session:
        own = handover.mark_sending(session, alert, at, LEASE)
        assert own
        assert handover.mark_sent(session, own, number, at)


def owe_other(database: Database, chat_id: int, kind: Kind, key: str = "one", **more: Any) -> bool:
    """A message that is no deal, owed at NOW for a day."""
    terms: dict[str, Any] = {"now": NOW, "expires_at": NOW + DAY} | more
    payload = terms.pop("payload", {"n": 1})
    with database.transaction() as session:
        return alerts.owe(session, chat_id, kind, key, payload, **terms)


def wishes(database: Database, chat_id: int, **columns: object) -> None:
    """Set columns of a chat."""
    with database.transaction() as session:
        session.execute(update(Chat).where(Chat.id == chat_id).values(**columns))


def manner(database: Database, chat_id: int, kind: Kind, **values: Any) -> None:
    with database.transaction() as session:
        manners.change(session, chat_id, kind, **values)


def ends(database: Database) -> list[tuple[str, str | None]]:
    """Kind and reason of each message in the order in which it was written; of what is alive, its state."""
    return [(row.kind, row.reason or row.state) for row in outbox(database)]


def only(database: Database, kind: Kind) -> Alert:
    """The one message of a kind."""
    (row,) = (row for row in outbox(database) if row.kind == kind)
    return row
