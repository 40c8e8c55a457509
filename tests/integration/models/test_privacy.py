"""What is stored about somebody: all of it is exported, all of it can be deleted, and the counts stay true."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import DateTime, Integer, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from domain.kinds import Kind
from models import Table
from models.alerts import Alert
from models.chats import Chat
from models.database import Database
from models.feedback import Verdict
from models.items import Item
from models.queries import alerts, chats, export, feedback, handover, privacy, remarks, report
from models.queries.personal import PERSONAL, THROUGH, Fate
from tests.factories import NOW
from tests.integration.bot.outbox_rows import claim, owe_other, send
from tests.integration.bot.rows import owe, subscribed
from tests.integration.models.threads import wait_until_blocked
from tests.rows import counts, make_item, rows, single

ADA, BOB, BOSS, GROUP = 501, 502, 503, -77
HOUR = timedelta(hours=1)
NAMES = ("chat_id", "user_id", "owner_id", "author_id", "_by")


def fill(database: Database, table: str, column: str, person: int) -> None:
    """A row that names the person in that column and others elsewhere; every value there has to be is made up."""
    own = Table.metadata.tables[table]
    values: dict[str, Any] = {}
    for one in own.columns:
        if one.name == column:
            values[one.name] = person
        elif not one.nullable and one.identity is None and one.computed is None and one.server_default is None:
            values[one.name] = made_up(one)
    with database.transaction() as session:
        if "item_id" in values:
            values["item_id"] = session.scalar(select(Item.id).limit(1))
        session.execute(insert(own).values(**values))


def made_up(column: Any) -> Any:
    if isinstance(column.type, DateTime):
        return NOW
    if isinstance(column.type, JSONB):
        return {}
    if isinstance(column.type, ARRAY):
        return []
    if column.type.python_type is bool:
        return False
    named = (column.table.name, column.name) in PERSONAL
    return GROUP if named else 7 if isinstance(column.type, Integer) else f"{column.name} of {column.table.name}"


@pytest.fixture
def stored(database: Database) -> Database:
    """Two subscribers and a group; Ada is named in every column that can name anybody, in a row of its own."""
    subscribed(database, ADA, BOB)
    subscribed(database, GROUP, kind="group")
    make_item(database)
    with database.transaction() as session:
        session.execute(
            Table.metadata.tables["filters"].delete().where(Table.metadata.tables["filters"].c.game == "rust")
        )
    for table, column in sorted(PERSONAL):
        if table != "chats":
            fill(database, table, column, ADA)
    rows_of = "UPDATE chats SET owner_id = :ada WHERE id = :group RETURNING id"
    rows(database, rows_of, ada=ADA, group=GROUP)
    return database


def naming(database: Database, person: int) -> dict[tuple[str, str], int]:
    """How many rows name somebody, by table and column."""
    found = {}
    with database.transaction() as session:
        for table, column in PERSONAL:
            own = Table.metadata.tables[table]
            found[table, column] = session.scalar(select(func.count()).where(own.c[column] == person)) or 0
    return found


def test_every_column_that_names_somebody_is_considered() -> None:
    """A new table, or a new column for a person or a chat, needs a decision in models/queries/personal.py."""
    columns = [(table.name, one) for table in Table.metadata.sorted_tables for one in table.columns]
    named = {(table, one.name) for table, one in columns if one.name.endswith(NAMES)}
    by_key = {
        (table, one.name) for table, one in columns for key in one.foreign_keys if key.column.table.name == "chats"
    }
    by_alert = {
        (table, one.name) for table, one in columns for key in one.foreign_keys if key.column.table.name == "alerts"
    }

    assert set(PERSONAL) == named | by_key | {("chats", "id")}
    assert set(THROUGH) == by_alert


def test_an_export_holds_every_row_that_names_who_asks(stored: Database) -> None:
    """Each of them with all its columns, and none of another's."""
    before = naming(stored, ADA)
    with stored.transaction() as session:
        found = export.everything(session, ADA, NOW + HOUR)

    assert min(before.values()) >= 1
    for (table, column), number in before.items():
        assert len([row for row in found[table] if row.get(column) == ADA]) == number, (table, column)
    assert not [row for table, _ in PERSONAL for row in found[table] if BOB in row.values()]
    assert {row["chat_id"] for row in found["alerts"]} == {ADA}


def test_nothing_of_who_leaves_is_left(stored: Database) -> None:
    """But what the operators wrote down for themselves; the others keep every row."""
    before = naming(stored, BOB), counts(stored, Chat)
    with stored.transaction() as session:
        ended = privacy.erase(session, ADA, NOW + HOUR)

    left = naming(stored, ADA)
    assert ended is not None
    assert {key for key, number in left.items() if number} == {
        key for key, fate in PERSONAL.items() if fate is Fate.KEPT
    }
    assert (naming(stored, BOB), [n + 1 for n in counts(stored, Chat)]) == before


def test_what_was_delivered_stays_counted(database: Database) -> None:
    """The report of the day says the same before and after, what waited ended, who joined and left is known."""
    subscribed(database, ADA, BOB)
    sent = owe(database, [ADA, BOB], at=NOW)
    for alert in claim(database).alerts:
        send(database, alert)
    owe_other(database, ADA, Kind.WATCH)
    with database.transaction() as session:
        mine = session.scalar(select(Alert.id).where(Alert.chat_id == ADA, Alert.opportunity_id == sent.id)) or 0
        feedback.record(session, mine, ADA, Verdict.BOUGHT, NOW + HOUR)
    begin, end = NOW - HOUR, NOW + 2 * HOUR
    with database.transaction() as session:
        before = report.collect(session, begin, end, "UTC")
        assert privacy.erase(session, ADA, NOW + HOUR) == 1
        after = report.collect(session, begin, end, "UTC")

    assert before.ends == (("instant", "sent", "delivered", 2),)
    assert set(after.ends) == {*before.ends, ("watch", "suppressed", "stopped", 1)}
    assert after.feedback == before.feedback == (("bought", 1),)
    assert (after.deleted, after.active, after.waiting) == (1, before.active - 1, 0)


def test_a_delivery_under_way_ends_cleanly(database: Database) -> None:
    """Its outcome has no row any more, which is no error; nobody knows whether it arrived, and that is counted."""
    subscribed(database, ADA)
    owe(database, [ADA], at=NOW)
    (alert,) = claim(database).alerts
    with database.transaction() as session:
        own = handover.mark_sending(session, alert, NOW, HOUR)
        assert own
    with database.transaction() as session:
        privacy.erase(session, ADA, NOW + HOUR)
    with database.transaction() as session:
        sent = handover.mark_sent(session, own, 77, NOW + HOUR)
        again = handover.retry_at(session, own, NOW + HOUR)
        blocked = chats.mark_blocked(session, ADA, "Forbidden", NOW + HOUR)

    assert (sent, again, blocked) == (None, False, 0)
    assert rows(database, "SELECT state, reason, number FROM departed WHERE kind = 'instant'") == [
        ("failed", "unknown", 1)
    ]


def test_a_hundred_thousand_alerts_are_forgotten_within_a_statement(database: Database) -> None:
    """The largest chat there may be; every one of its messages is counted."""
    subscribed(database, ADA)
    many = """
        INSERT INTO alerts (chat_id, kind, key, priority, bulk, turn_at, silent, state, reason, created_at, expires_at,
            next_attempt_at, finished_at)
        SELECT :ada, 'watch', 'watch:' || n, 9, false, :now, false, 'sent', 'delivered', :now, :now, :now,
            CAST(:now AS timestamptz) - n * interval '1 minute'
        FROM generate_series(1, 100000) AS n RETURNING 1
    """
    rows(database, many, ada=ADA, now=NOW)
    with database.transaction() as session:
        assert privacy.erase(session, ADA, NOW) == 0

    assert single(database, "SELECT sum(number) FROM departed WHERE kind = 'watch'") == 100_000
    assert single(database, "SELECT count(*) FROM alerts") == 0


def test_an_alert_that_is_being_written_meanwhile_goes_too(database: Database) -> None:
    """The worker has locked the chat for its new alert: the deletion waits for it, and nothing is left over."""
    subscribed(database, ADA)
    owe(database, [ADA], at=NOW)

    def erase() -> int | None:
        with database.transaction() as session:
            return privacy.erase(session, ADA, NOW)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            alerts.owe(session, ADA, Kind.WATCH, "late", {}, now=NOW, expires_at=NOW + HOUR)
            erased = pool.submit(erase)
            wait_until_blocked(database)
        ended = erased.result(30)

    assert ended == 2
    assert counts(database, Chat, Alert) == [0, 0]
    assert single(database, "SELECT sum(number) FROM departed WHERE state = 'suppressed'") == 2


def test_a_remark_goes_from_where_it_was_passed_on_too(database: Database) -> None:
    """The admins' messages with it are deleted, waiting or sent, and counted; the remark of another stays."""
    subscribed(database, ADA, BOB, BOSS)
    with database.transaction() as session:
        for person, text in ((ADA, "first"), (BOB, "another's"), (ADA, "second")):
            remarks.add(session, text, chat_id=person, user_id=person, admins=[BOSS], now=NOW)
    send(database, claim(database).alerts[0])
    with database.transaction() as session:
        ended = privacy.erase(session, ADA, NOW)

    assert ended == 1
    assert rows(database, "SELECT chat_id, payload ->> 'text' FROM alerts") == [(BOSS, "another's")]
    assert rows(database, "SELECT text FROM remarks") == [("another's",)]
    gone = "SELECT state, number FROM departed WHERE kind = 'notice' ORDER BY state"
    assert rows(database, gone) == [("sent", 1), ("suppressed", 1)]


def test_a_second_deletion_finds_nothing(database: Database) -> None:
    """And takes along what somebody left who never subscribed."""
    fill(database, "remarks", "user_id", ADA)
    with database.transaction() as session:
        assert privacy.erase(session, ADA, NOW) is None

    assert rows(database, "SELECT 1 FROM remarks") == []
