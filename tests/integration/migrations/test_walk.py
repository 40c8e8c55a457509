"""Up, down and up again, one revision at a time, with rows in every table at each of them."""

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from models import Table
from tests.integration.conftest import migrate, run_sql
from tests.integration.migrations.schema import ROWS, config_of, fill, revisions, schema, step, values

LASTING = {  # by table, what the first revision had and every later one has too
    "items": "id, game, title, group_id, first_seen_at, last_seen_at",
    "price_history": "item_id, observed_at, bid, bid_count, ask, ask_count",
    "prices": "item_id, bid, bid_count, ask, ask_count, changed_at, confirmed_at",
    "opportunities": "id, item_id, variant, state, game, exit, offer_id, buy, net, evidence, opened_at, gone_at",
    "sales_references": "item_id, observed_at, sales, complete, price",
    "verdicts": "item_id, decided_at, gate, numbers, bid, ask",
}

BEYOND_MODELS = {  # what only migrations bring: two functions, and how often `filters` is vacuumed
    "CREATE OR REPLACE FUNCTION public.drop_history_partitions",
    "CREATE OR REPLACE FUNCTION public.make_history_partition",
    "options filters",
}


def lasting(url: str) -> dict[str, list[str]]:
    return {
        table: values(url, f"SELECT ROW({columns})::text FROM {table} ORDER BY 1")  # noqa: S608  # from the table above
        for table, columns in LASTING.items()
    }


def test_each_revision_goes_up_down_and_up_with_rows_in_every_table(bare_url: str) -> None:
    """Its schema is the same whichever way it was reached, and what all revisions know is never lost or changed."""
    numbers = revisions()
    up, again, down = {}, {}, {}
    for number in numbers:
        step(bare_url, number)
        up[number] = schema(bare_url)
        filled = fill(bare_url)
    before = lasting(bare_url)

    for number in numbers[-2::-1]:
        step(bare_url, number)
        down[number] = schema(bare_url)
    below = lasting(bare_url)
    for number in numbers[1:]:
        step(bare_url, number)
        again[number] = schema(bare_url)

    assert set(filled) == set(Table.metadata.tables)
    assert all(len(rows) == ROWS for rows in before.values())
    assert {number: up[number] ^ found for number, found in down.items() if found != up[number]} == {}
    assert {number: up[number] ^ found for number, found in again.items() if found != up[number]} == {}
    assert before == below == lasting(bare_url)


def test_down_to_nothing_and_up_with_rows_in_every_table(bare_url: str) -> None:
    """No table, function or partition is left, and nothing left over is in the way of the next time."""
    migrate(bare_url)
    fill(bare_url)
    up = schema(bare_url)

    migrate(bare_url, "base")
    left = schema(bare_url), values(bare_url, "SELECT relname FROM pg_class WHERE relname LIKE 'price_history%'")
    migrate(bare_url)

    assert left == (set(), [])
    assert schema(bare_url) == up
    assert len(fill(bare_url)) == len(Table.metadata.tables)


def test_alerts_of_the_former_outbox_become_deals(bare_url: str) -> None:
    """What waited in it is sent after the upgrade, once, as what it is."""
    migrate(bare_url, "0009")
    fill(bare_url)

    migrate(bare_url)

    expected = [f"({number},exit {number},deal:offer_id {number}:{number},f)" for number in range(1, ROWS + 1)]
    found = values(bare_url, "SELECT replace(ROW(chat_id, kind, key, bulk)::text, '\"', '') FROM alerts ORDER BY id")
    assert found == expected


def test_only_deals_go_back_into_the_former_outbox(bare_url: str) -> None:
    """Its columns cannot hold the others; deals that were held back wait again."""
    migrate(bare_url)
    fill(bare_url)
    run_sql(bare_url, "UPDATE alerts SET state = 'held' WHERE id = 1")

    command.downgrade(config_of(bare_url), "0009")

    assert values(bare_url, "SELECT id FROM alerts ORDER BY id") == [1, 3, 5]
    assert values(bare_url, "SELECT state FROM alerts WHERE id = 1") == ["pending"]


def test_the_models_would_make_the_very_same_tables(bare_url: str, database_url: str) -> None:
    """Also what Alembic does not compare: defaults, conditions and order of indexes, computed columns."""
    run_sql(bare_url, "CREATE EXTENSION pg_trgm")
    engine = create_engine(config_of(bare_url).attributes["database_url"], poolclass=NullPool)
    Table.metadata.create_all(engine)

    beyond = schema(database_url) ^ schema(bare_url)

    assert {one.partition("(")[0].partition(" {")[0] for one in beyond} == BEYOND_MODELS


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE prices ADD COLUMN own int",
        "ALTER TABLE items ALTER COLUMN title TYPE varchar(9)",
        "ALTER TABLE chats ALTER COLUMN zone DROP DEFAULT",
        "ALTER TABLE alerts ALTER COLUMN kind DROP NOT NULL",
        "DROP INDEX ix_alerts_turn",
        "DROP INDEX ix_alerts_turn; CREATE INDEX ix_alerts_turn ON alerts (turn_at, bulk, id)",
        "ALTER TABLE prices RESET (fillfactor)",
        "ALTER TABLE watches DROP CONSTRAINT fk_watches_item_id_items",
        "ALTER FUNCTION make_history_partition(date) SECURITY INVOKER",
    ],
)
def test_a_change_by_hand_is_seen(database_url: str, change: str) -> None:
    """The comparison that the other tests here rest on sees each kind of difference."""
    before = schema(database_url)

    run_sql(database_url, change)

    assert schema(database_url) != before
