"""`python -m migrations.restore DUMP`: a backup into an empty database, all of it or nothing, and counted afterwards.

DATABASE_URL is the owner's. Users and their rights are not in a dump: `python -m migrations.roles` makes them anew.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from config.settings import SettingsError, load
from migrations.dumps import (
    BAD_CONFIGURATION,
    CONNECT_SECONDS,
    Contents,
    DumpError,
    checksum,
    contents_of,
    dsn,
    read_manifest,
    run,
)

RESTORE = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
OURS = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')"
)


def make_database(database_url: str, name: str) -> str:
    """Make a new database beside the one that the URL names, unless there is one; its URL. psycopg2.Error."""
    with closing(psycopg2.connect(dsn(database_url), connect_timeout=CONNECT_SECONDS)) as own:
        own.autocommit = True  # CREATE DATABASE is refused inside a transaction
        with own.cursor() as statements:
            statements.execute("SELECT FROM pg_database WHERE datname = %s", (name,))
            if statements.fetchone() is None:
                statements.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
    return make_url(database_url).set(database=name).render_as_string(hide_password=False)


def restore(database_url: str, dump: Path) -> Contents:
    """Bring a dump back. DumpError where dump or database is not as it must be; then nothing was written,
    unless the text says that what was restored differs. psycopg2.Error, OSError.
    """
    manifest = read_manifest(dump)
    if checksum(dump) != manifest.sha256:
        raise DumpError(f"{dump} is damaged: its checksum is not the one in the file beside it")
    with closing(psycopg2.connect(dsn(database_url), connect_timeout=CONNECT_SECONDS)) as own:
        own.autocommit = True
        with own.cursor() as statements:
            statements.execute(OURS)
            (tables,) = statements.fetchone() or (0,)
            if tables:
                raise DumpError(f"the database is not empty ({tables} tables and sequences): restore into a new one")
            run("pg_restore", [*RESTORE, f"--dbname={own.info.dbname}", str(dump)], database_url)
            found = contents_of(statements)
            statements.execute("ANALYZE")  # a dump has no statistics, and without them plans are poor
    differences = manifest.contents.differences(found or Contents("none", {}))
    if differences:
        raise DumpError(f"what was restored is not what was backed up: {'; '.join(differences)}")
    return manifest.contents


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit code 0, 1 where it was not restored, 2 where the environment cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m migrations.restore", description=__doc__)
    parser.add_argument("dump", type=Path, help="what `python -m migrations.backup` made")
    parser.add_argument("--database", help="into this database of the same server, made if there is none")
    given = parser.parse_args(arguments)
    try:
        database_url = load(environ, "migrations").database_url
        target = make_database(database_url, given.database) if given.database else database_url
        contents = restore(target, given.dump)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_CONFIGURATION
    except (DumpError, psycopg2.Error, OSError) as error:
        sys.stderr.write(f"not restored: {str(error).strip()}\n")
        return 1
    total = sum(contents.rows.values())
    sys.stdout.write(f"{total} rows in {len(contents.rows)} tables, {contents.migration}: all are there\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
