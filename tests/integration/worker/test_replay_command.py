"""`celery -A worker replay-alerts` as a whole process, on what an outage left behind."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812  # a class by any case
from sqlalchemy import text

from models.database import Database
from models.queries import handover
from models.queries.alerts import CHANNEL
from tests.integration.bot.rows import owe, subscribed
from tests.integration.worker.conftest import Command
from tests.rows import rows

ADA, BOB, CEM = 1, 2, 3
MINUTE = timedelta(minutes=1)
BACK = ("pending", None, None)
UNSENT = """1 stay unsent whose deal has ended
2 stay unsent whose deal has another offer or price now
1 stay unsent whose deal was not confirmed lately
1 stay unsent whose chat has left
"""


@pytest.fixture
def outage(database: Database) -> Database:
    """Alerts that no bot got to in ten minutes, one that was sent, one that ended days ago; a chat has left since."""
    began = datetime.now(UTC) - 10 * MINUTE
    subscribed(database, ADA, BOB, CEM)
    stands = owe(database, [ADA, BOB, CEM], at=began)
    owe(database, [ADA], at=began)  # and never confirmed again
    gone, dearer, sent, old = (owe(database, [ADA], at=began) for _ in range(4))
    moved = owe(database, [BOB], at=began)
    with database.transaction() as session:
        handover.expire_due(session, datetime.now(UTC))
    proven = {"proven": [deal.id for deal in (stands, gone, dearer, moved, sent, old)]}
    change(database, "UPDATE opportunities SET confirmed_at = now() WHERE id = ANY(:proven)", **proven)
    change(database, "UPDATE opportunities SET state = 'gone' WHERE id = :deal", deal=gone.id)
    change(database, "UPDATE opportunities SET buy = buy + 1 WHERE id = :deal", deal=dearer.id)
    change(database, "UPDATE opportunities SET offer_id = 'other' WHERE id = :deal", deal=moved.id)
    change(database, "UPDATE alerts SET state = 'sent', message_id = 7 WHERE opportunity_id = :deal", deal=sent.id)
    ago = "UPDATE alerts SET finished_at = now() - interval '3 days' WHERE opportunity_id = :deal"
    change(database, ago, deal=old.id)
    change(database, "UPDATE chats SET state = 'blocked' WHERE id = :chat", chat=CEM)
    return database


@pytest.fixture
def woken(outage: Database, environ: dict[str, str]) -> Iterator[Connection]:
    """What a bot would be woken by: `notifies` after `poll`."""
    with closing(psycopg2.connect(environ["DATABASE_URL"])) as listening:
        listening.autocommit = True
        with listening.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        yield listening


def change(database: Database, statement: str, **values: object) -> None:
    with database.transaction() as session:
        session.execute(text(statement), values)


def everything(database: Database) -> list[tuple[object, ...]]:
    """Every column of the outbox and the audit log."""
    tables = (rows(database, f"SELECT * FROM {table} ORDER BY id") for table in ("alerts", "audit"))  # noqa: S608  # ours
    return [tuple(row) for table in tables for row in table]


def put_back(database: Database) -> list[tuple[object, ...]]:
    """Chat, state, reason and end of the alerts that wait again."""
    query = "SELECT chat_id, state, reason, finished_at FROM alerts WHERE state = 'pending' ORDER BY chat_id"
    return [tuple(row) for row in rows(database, query)]


def audited(database: Database) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows(database, "SELECT action, subject, detail FROM audit")]


def wakes(listening: Connection) -> int:
    """How often a bot was woken since the last look."""
    listening.poll()
    number = len(listening.notifies)
    listening.notifies.clear()
    return number


def test_without_yes_it_only_counts(outage: Database, woken: Connection, command: Command) -> None:
    """The operator sees what would happen to each alert, and every row is as it was."""
    before = everything(outage)

    code, said = command("replay-alerts")

    assert (code, said) == (0, "2 would be sent (nothing was changed: give --yes)\n" + UNSENT)
    assert everything(outage) == before
    assert wakes(woken) == 0


def test_with_yes_what_still_stands_is_sent_after_all(outage: Database, woken: Connection, command: Command) -> None:
    """Those alone wait again, due now and as long as their proof lasts; it is audited, and the bots are woken, once."""
    before = datetime.now(UTC)
    unsent = "SELECT count(*) FROM alerts WHERE state = 'expired' AND reason = 'too_late'"

    first, again = command("replay-alerts", "--yes"), command("replay-alerts", "--yes")

    assert first == (0, "2 are on their way again\n" + UNSENT)
    assert again == (0, "0 are on their way again\n" + UNSENT)
    assert put_back(outage) == [(ADA, *BACK), (BOB, *BACK)]
    (due,) = rows(
        outage, "SELECT min(next_attempt_at) AS first, min(expires_at) AS ends FROM alerts WHERE state = 'pending'"
    )
    assert before <= due.first <= datetime.now(UTC) < due.ends
    assert [tuple(row) for row in rows(outage, unsent)] == [(6,)]
    assert audited(outage) == [("replay_alerts", "alerts", {"number": 2})]
    assert wakes(woken) == 1


def test_since_reaches_as_far_back_as_was_asked(outage: Database, command: Command) -> None:
    """Counted from the end of an alert: an hour leaves out the one of three days ago, four days take it along."""
    near, far = command("replay-alerts", "--since", "1h"), command("replay-alerts", "--since", "4d", "--yes")

    assert near[1].splitlines()[0] == "2 would be sent (nothing was changed: give --yes)"
    assert far[1].splitlines()[0] == "3 are on their way again"
    assert audited(outage) == [("replay_alerts", "alerts", {"number": 3})]
