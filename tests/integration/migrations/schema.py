"""What a database is at one revision: its schema as sentences that can be compared, and rows in whatever it has."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg2
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import ARRAY, Boolean, Column, DateTime, Integer, MetaData, Numeric, Table, Text, create_engine, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.pool import NullPool

from models.queries.history import partition_name
from tests.factories import NOW
from tests.integration.conftest import ROOT

ROWS = 6
# Without partitions, which come and go by the day, Alembic's own table, and the extension, which outlives a downgrade.
SCHEMA = """
    WITH ours AS (
        SELECT c.oid, c.relname, c.reloptions FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname <> 'alembic_version'
    )
    SELECT concat_ws(' ', 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity::text,
        attgenerated::text, pg_get_expr(adbin, adrelid))
    FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM ours JOIN pg_index ON indrelid = ours.oid
    UNION ALL SELECT concat_ws(' ', relname, conname, pg_get_constraintdef(c.oid))
    FROM ours JOIN pg_constraint c ON conrelid = ours.oid
    UNION ALL SELECT concat_ws(' ', 'options', relname, reloptions) FROM ours
    UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
VALUES: dict[type[Any], Callable[[Column[Any], int], Any]] = {
    Boolean: lambda _column, number: number % 2 == 0,
    DateTime: lambda _column, number: NOW + timedelta(seconds=number),
    Integer: lambda _column, number: number,
    JSONB: lambda _column, number: {"number": number},
    Numeric: lambda _column, number: number,
    Text: lambda column, number: f"{column.name} {number}",
}


def config_of(url: str) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = url.replace("postgresql://", "postgresql+psycopg2://")
    return config


def revisions() -> list[str]:
    """All of them, the oldest first."""
    script = ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini")))
    return [one.revision for one in script.walk_revisions()][::-1]


def step(url: str, revision: str) -> None:
    """Bring the database to a revision one above or one below."""
    config = config_of(url)
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('alembic_version')::text")
        versioned = cursor.fetchone() != (None,)
        cursor.execute("SELECT max(version_num) FROM alembic_version" if versioned else "SELECT NULL")
        (found,) = cursor.fetchone() or (None,)
    if revision == "base" or (found or "") > revision:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def values(url: str, statement: str) -> list[Any]:
    """The first column of what a statement returns."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def schema(url: str) -> set[str]:
    """A sentence for each column (without its place), index, constraint, storage option and function."""
    return set(values(url, SCHEMA))


def fill(url: str) -> list[str]:
    """Put rows into every table that has none, whatever the revision; returns the tables' names."""
    engine = create_engine(config_of(url).attributes["database_url"], poolclass=NullPool)
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        filled = [table for table in tables.sorted_tables if _is_filled_here(table)]
        for table in filled:
            if table.name == "price_history":
                day = NOW.date()
                connection.exec_driver_sql(
                    f"CREATE TABLE IF NOT EXISTS {partition_name(day)} PARTITION OF price_history"
                    f" FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
                )
            if connection.execute(table.select().limit(1)).first() is None:
                connection.execute(insert(table), [_row(table, number) for number in range(1, ROWS + 1)])
    return [table.name for table in filled]


def _is_filled_here(table: Table) -> bool:
    return table.name != "alembic_version" and not table.name.startswith("price_history_")


def _row(table: Table, number: int) -> dict[str, Any]:
    """Every second row has nothing where nothing may stand."""
    given = [column for column in table.columns if column.identity is None and column.computed is None]
    return {
        column.name: None if column.nullable and number % 2 == 0 and not column.primary_key else _value(column, number)
        for column in given
    }


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, ARRAY):
        return [number] if isinstance(kind.item_type, Integer) else [f"{column.name} {number}"]
    return next(make(column, number) for type_, make in VALUES.items() if isinstance(kind, type_))
