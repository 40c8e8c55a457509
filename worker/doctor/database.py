"""PostgreSQL: whether it answers, is at the right migration, and has rights, connections and partitions enough."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from config.settings import Settings
from models import Table, level
from models.database import CONNECTION
from models.queries import observed
from worker.checks import first_line
from worker.doctor.finding import Finding

OLDEST_VERSION = 14  # older ones are no longer mended
MOST_OFF = 5.0  # seconds between two clocks; leases are ten seconds longer than the work they are for
AHEAD = timedelta(days=1)
TIMEOUTS = "-c statement_timeout=8000 -c lock_timeout=2000 -c timezone=UTC -c default_transaction_read_only=on"
# A right for each kind of row that the process writes: without it the first task or message fails.
RIGHTS: Mapping[str, Mapping[str, str]] = {
    "worker": {"scan_runs": "INSERT", "prices": "UPDATE", "nominees": "DELETE", "alerts": "INSERT"},
    "bot": {"alerts": "UPDATE", "chats": "INSERT", "audit": "INSERT"},
}
SPARE = 10  # connections for whoever else looks: backups, exporters, this command


def database(settings: Settings, role: str) -> Iterator[Finding]:
    """Everything about the database of DATABASE_URL for the user in it, who runs as `role`."""
    engine = create_engine(
        settings.database_url,
        poolclass=NullPool,
        connect_args={**CONNECTION, "connect_timeout": 4, "application_name": "skinbeat doctor", "options": TIMEOUTS},
    )
    try:
        with engine.connect() as connection:
            yield from _server(connection)
            yield from _schema(connection)
            yield from _room(connection, settings)
            yield from _rights(connection, role)
            yield _partitions(connection)
    except ProgrammingError as error:
        yield Finding(
            "database", first_line(error.orig), "run `alembic upgrade head`, then `python -m migrations.roles`"
        )
    except DBAPIError as error:
        yield Finding("database", f"does not answer: {first_line(error.orig)}", "start it, or correct DATABASE_URL")


def _server(connection: Connection) -> Iterator[Finding]:
    number = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    remedy = f"upgrade to PostgreSQL {OLDEST_VERSION} or newer" if number < OLDEST_VERSION else ""
    yield Finding("database", f"answers, PostgreSQL {number}", remedy)
    asked = time.time()
    theirs: datetime | None = connection.scalar(text("SELECT clock_timestamp()"))
    off = abs((theirs.timestamp() if theirs else asked) - (asked + time.time()) / 2)
    remedy = "run NTP or chrony on both machines" if off > MOST_OFF else ""
    yield Finding("database clock", f"{off:.1f} s from this machine's", remedy)


def _schema(connection: Connection) -> Iterator[Finding]:
    with Session(connection) as session:
        behind = level.behind(session)
    if behind:
        told, _, remedy = behind.partition(": ")
        yield Finding("migrations", told, remedy)
        return
    yield Finding("migrations", f"at {level.newest()}, the newest")
    differences = _differences(connection)
    if differences:
        told = f"the tables differ from this version in {len(differences)} places, first {_named(differences[0])}"
        yield Finding("schema", told, "undo what was changed by hand, or restore a backup")
    else:
        yield Finding("schema", "the tables are as this version makes them")


def _differences(connection: Connection) -> list[Any]:
    """As Alembic gives them. Partitions of the history are made as time goes, not by migrations."""
    # Every worker reads the modules of all commands, and these are 7 MB that it has no use for.
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  # see above
    from alembic.migration import MigrationContext  # noqa: PLC0415  # see above

    options = {"compare_type": True, "include_name": lambda name, kind, _: not _is_partition(name, kind)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Table.metadata))


def _is_partition(name: str | None, kind: str) -> bool:
    return kind == "table" and name is not None and name.startswith("price_history_")


def _named(difference: object) -> str:
    """What differs, in a few words: Alembic gives nested lists of tuples."""
    inner = difference
    while isinstance(inner, list) and inner:
        inner = inner[0]
    if not isinstance(inner, tuple):
        return "something"
    names = [str(getattr(part, "name", part)) for part in inner if isinstance(part, str) or hasattr(part, "name")]
    return " ".join(names)


def _room(connection: Connection, settings: Settings) -> Iterator[Finding]:
    """Whether the server lets as many sessions in as the workers that run may open."""
    most = int(connection.scalar(text("SHOW max_connections")) or 0)
    now = datetime.now(UTC)
    with Session(connection) as session:
        workers = max(1, observed.workers(session, now))
    each = 2 * (settings.worker_concurrency + 2) + 3
    wanted = workers * each + SPARE
    remedy = f"raise max_connections to {wanted} or lower WORKER_CONCURRENCY" if wanted > most else ""
    yield Finding("connections", f"workers: {workers}; they may open {workers * each} of {most}", remedy)
    size = int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    yield Finding("database size", f"{size // 1_000_000:,} MB")


def _rights(connection: Connection, role: str) -> Iterator[Finding]:
    user = connection.scalar(text("SELECT current_user"))
    ask = text("SELECT has_table_privilege(:table, :right)")
    missing = [
        f"{right} on {table}"
        for table, right in RIGHTS.get(role, {}).items()
        if not connection.scalar(ask, {"table": table, "right": right})
    ]
    remedy = "run `python -m migrations.roles` with the owner's DATABASE_URL" if missing else ""
    yield Finding("database rights", f"user {user} lacks {', '.join(missing)}" if missing else f"user {user}", remedy)


def _partitions(connection: Connection) -> Finding:
    with Session(connection) as session:
        edges = observed.partitions(session)
    if edges is None:
        return Finding("price history", "no partition yet", "start a worker and beat: the first scan makes them")
    told = f"partitions until {edges[1]:%Y-%m-%d}"
    late = edges[1] < datetime.now(UTC) + AHEAD
    remedy = "see why tasks.maintain_history does not run: are worker and beat up?" if late else ""
    return Finding("price history", told, remedy)
