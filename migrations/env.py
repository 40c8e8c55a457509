"""Alembic's entry: the database comes from the settings, two migrations never run at once, none waits for ever."""

import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from config.settings import SettingsError, load
from migrations.holders import Holders
from migrations.patience import MIGRATION_LOCK, BadLimitError, Limits, RefusedError, busy, impose, patiently, refusal
from models import Table
from models.database import CONNECTION

TURN_EVERY = 10  # seconds after which it is said again who migrates
# A host that is cut off in the middle must not keep tables locked: the server notices within 20 s.
OPTIONS = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Daily partitions are made by `maintain_history`, not by migrations."""
    return not (kind == "table" and name is not None and name.startswith("price_history_"))


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _end(sentence: str, code: int) -> NoReturn:
    _say(sentence)
    sys.exit(code)


def _database_url() -> str:
    given: str | None = context.config.attributes.get("database_url")
    if given:
        return given
    try:
        return load(os.environ, "migrations").database_url
    except SettingsError as error:
        _end(str(error), 2)


def _limits() -> Limits:
    try:
        return Limits.given(context.get_x_argument(as_dictionary=True))
    except BadLimitError as error:
        _end(str(error), 2)


def _take_turn(connection: Connection) -> None:
    try:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    finally:
        connection.rollback()  # the lock is the session's, not the transaction's


def _run(connection: Connection, made: list[str]) -> None:
    """All revisions that were asked for, each in a transaction of its own; the numbers of those done go to `made`."""

    def note(*_: object, **applied: Any) -> None:
        made.append(applied["step"].up_revision_id)

    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        include_name=_is_ours,
        compare_type=True,
        transaction_per_migration=True,
        on_version_apply=note,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    except DBAPIError as error:
        connection.rollback()
        asked = str(context.get_context().opts.get("destination_rev") or "")
        if made and busy(error) and asked.startswith(("+", "-")):  # once more would go further than was asked
            raise RefusedError(
                f"others were in the way after {', '.join(made)}; run what is left of {asked}"
            ) from error
        raise


def _level(connection: Connection) -> str:
    """What a failed migration leaves."""
    with suppress(DBAPIError):
        connection.rollback()
        return f"the database is at {MigrationContext.configure(connection).get_current_revision() or 'no revision'}"
    return "the database no longer answers"


def _migrate_patiently(connection: Connection, holders: Holders, limits: Limits) -> None:
    impose(connection, lock=min(TURN_EVERY, limits.turn), statement=0)
    other = "another migration runs"
    patiently(lambda: _take_turn(connection), "turn", limits.turn, lambda: f"{other}: {holders.take()}", _say)
    impose(connection, lock=limits.lock, statement=limits.statement)
    made: list[str] = []
    patiently(lambda: _run(connection, made), "wait", limits.wait, holders.take, _say)


def _migrate() -> None:
    limits = _limits()
    arguments = {**CONNECTION, "application_name": "skinbeat migration", "options": OPTIONS}
    engine = create_engine(_database_url(), poolclass=NullPool, connect_args=arguments)
    try:
        connection = engine.connect()
    except OperationalError as error:
        _end(f"DATABASE_URL: the server does not answer: {error.orig}", 1)
    with connection, Holders(engine, connection.scalar(text("SELECT pg_backend_pid()")) or 0) as holders:
        connection.rollback()
        try:
            _migrate_patiently(connection, holders, limits)
        except RefusedError as error:
            _end(f"not migrated: {error}; {_level(connection)}", 1)
        except DBAPIError as error:
            sentence = refusal(error, limits)
            if sentence is None:
                raise
            _end(f"not migrated: {sentence}; {_level(connection)}", 1)


_migrate()
