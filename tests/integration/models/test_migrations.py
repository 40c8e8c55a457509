from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from migrations.patience import MIGRATION_LOCK
from models import Table
from models.database import Database
from sandbox.servers.postgres import PostgresServer
from tests.integration.conftest import ROOT, migrate, run_sql, with_name
from tests.integration.models.threads import wait_until_blocked
from tests.rows import make_partitions, single


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[Database]:
    """A database without any table."""
    run_sql(postgres.url, "DROP DATABASE IF EXISTS unmigrated WITH (FORCE)")
    run_sql(postgres.url, "CREATE DATABASE unmigrated")
    database = Database(with_name(postgres.url, "unmigrated").replace("postgresql://", "postgresql+psycopg2://"))
    yield database
    database.dispose()


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False).replace("+psycopg2", "")


def tables(database: Database) -> set[str]:
    engine = create_engine(database.engine.url, poolclass=NullPool)
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_go_up_down_and_up_again(empty: Database) -> None:
    """Down leaves no table behind, with partitions and rows in them too."""
    migrate(url_of(empty))
    up = tables(empty)
    make_partitions(empty)

    migrate(url_of(empty), "base")
    down = tables(empty)
    migrate(url_of(empty))

    assert up == {table.name for table in Table.metadata.sorted_tables}
    assert down == set()
    assert tables(empty) == up


def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    """`alembic check` finds nothing to generate: columns, types, indexes and constraints agree, partitions aside."""
    make_partitions(database)
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = database.engine.url.render_as_string(hide_password=False)

    command.check(config)


def test_what_alembic_does_not_compare_agrees_too(database: Database) -> None:
    """The fill factor that keeps price updates HOT, and the partitioning by time."""
    options = single(database, "SELECT reloptions FROM pg_class WHERE relname = 'prices'")
    key = single(database, "SELECT pg_get_partkeydef('price_history'::regclass)")

    assert options == ["fillfactor=70"]
    assert key == "RANGE (observed_at)"


def test_a_second_migration_waits_for_the_first_and_changes_nothing(empty: Database) -> None:
    """Two releases that start at once: the later one finds everything done."""
    with ThreadPoolExecutor(1) as pool:
        with empty.engine.connect() as first:
            first.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
            second = pool.submit(migrate, url_of(empty))
            wait_until_blocked(empty)
            waiting = tables(empty)
            first.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        second.result()
    migrate(url_of(empty))

    assert waiting == set()
    assert tables(empty) == {table.name for table in Table.metadata.sorted_tables}
