"""What backup and restore share: PostgreSQL's own programs, and what a dump must contain to be whole."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from psycopg2.extensions import cursor
from psycopg2.sql import SQL, Identifier
from sqlalchemy.engine import URL, make_url

BAD_CONFIGURATION = 2
CHUNK = 1024 * 1024  # bytes read at a time
CONNECT_SECONDS = 10
FORM = 1  # of the file beside a dump


class DumpError(Exception):
    """A backup or restore that is not to be relied on; the text says why. Trying again helps only after a mend."""

    permanent = True
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database held at one moment: its migration, and the rows of each table (partitions one by one)."""

    migration: str
    rows: dict[str, int]

    def differences(self, other: "Contents") -> list[str]:
        """One sentence for each way in which `other` is not this."""
        found = [] if self.migration == other.migration else [f"migration {other.migration}, not {self.migration}"]
        for table in sorted({*self.rows, *other.rows}):
            own, its = self.rows.get(table), other.rows.get(table)
            if own != its:
                found.append(f"{table} has {_shown(its)}, not {_shown(own)}")
        return found


@dataclass(frozen=True, slots=True)
class Manifest:
    """The file beside a dump: what is in it, when it was made (ISO 8601, UTC), and the dump's own checksum."""

    made_at: str
    sha256: str
    contents: Contents

    def write(self, dump: Path) -> None:
        beside(dump).write_bytes(orjson.dumps({"form": FORM, **asdict(self)}, option=orjson.OPT_INDENT_2))


def beside(dump: Path) -> Path:
    return dump.with_name(f"{dump.name}.json")


def read_manifest(dump: Path) -> Manifest:
    """The manifest of a dump; DumpError where it is missing, of another form or damaged."""
    path = beside(dump)
    try:
        told = orjson.loads(path.read_bytes())
        if told["form"] != FORM:
            raise DumpError(f"{path} is of form {told['form']}; this version reads form {FORM}")
        contents = Contents(told["contents"]["migration"], dict(told["contents"]["rows"]))
        return Manifest(told["made_at"], told["sha256"], contents)
    except OSError as error:
        raise DumpError(f"{path} cannot be read ({error.strerror}): a dump is kept with the file beside it") from error
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise DumpError(f"{path} is not what a backup writes") from error


def contents_of(statements: cursor) -> Contents | None:
    """What the database holds in the transaction of `statements`; None where it has no tables of ours."""
    statements.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    tables = [name for (name,) in statements.fetchall()]
    if "alembic_version" not in tables:
        return None
    rows = {}
    for table in tables:
        statements.execute(SQL("SELECT count(*) FROM public.{}").format(Identifier(table)))
        (rows[table],) = statements.fetchone() or (0,)
    statements.execute("SELECT version_num FROM public.alembic_version")
    (migration,) = statements.fetchone() or ("none",)
    return Contents(migration, rows)


def dsn(database_url: str) -> str:
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def run(program: str, arguments: list[str], database_url: str) -> None:
    """Run one of PostgreSQL's programs on the database. DumpError with what it said where it fails or is missing."""
    path = shutil.which(program)
    if path is None:
        raise DumpError(
            f"{program} is not installed: it comes with PostgreSQL's client programs, not older than the server"
        )
    told = subprocess.run(  # noqa: S603  # a fixed program; what varies are our own file names
        [path, "--no-password", *arguments],
        env={**os.environ, **_environment(make_url(database_url))},
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode != 0:
        raise DumpError(f"{program}: {told.stderr.strip() or f'exit code {told.returncode}'}")


def checksum(path: Path) -> str:
    """SHA-256 in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _environment(url: URL) -> dict[str, str]:
    """The database for libpq; the password is in no argument, which every user of the machine could read."""
    query: dict[str, Any] = dict(url.query)
    named = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
        "PGSSLROOTCERT": query.get("sslrootcert"),
        "PGCONNECT_TIMEOUT": CONNECT_SECONDS,
    }
    return {name: str(value) for name, value in named.items() if value is not None}


def _shown(rows: int | None) -> str:
    return "no table" if rows is None else f"{rows} rows"
