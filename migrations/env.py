"""Alembic's entry: the database comes from the settings, two migrations never run at once."""

import os
import sys

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from config.settings import SettingsError, load
from models import Table

MIGRATION_LOCK = 0x534B4E42  # any fixed number: "SKNB"


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Daily partitions are made by `maintain_history`, not by migrations."""
    return not (kind == "table" and name is not None and name.startswith("price_history_"))


def _database_url() -> str:
    given: str | None = context.config.attributes.get("database_url")
    if given:
        return given
    try:
        return load(os.environ, "migrations").database_url
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command line speaks on stderr
        sys.exit(2)


def _migrate() -> None:
    engine = create_engine(_database_url(), poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        connection = engine.connect()
    except OperationalError as error:
        print(f"DATABASE_URL: the server does not answer: {error.orig}", file=sys.stderr)  # noqa: T201  # see above
        sys.exit(1)
    with connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})  # however long it takes
        connection.execute(text("SET lock_timeout = '10s'; SET statement_timeout = '10min'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            include_name=_is_ours,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


_migrate()
