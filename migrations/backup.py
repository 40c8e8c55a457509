"""`python -m migrations.backup WHERE [--keep N]`: the whole database in one file, with what a restore must find in it.

DATABASE_URL is the owner's. WHERE is a folder. Everything goes on meanwhile: dump and count see one moment.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from config.settings import SettingsError, load
from migrations.dumps import (
    BAD_CONFIGURATION,
    CONNECT_SECONDS,
    Contents,
    DumpError,
    Manifest,
    beside,
    checksum,
    contents_of,
    dsn,
    run,
)

NAME = "skinbeat-{:%Y%m%dT%H%M%SZ}.dump"
PATTERN = "skinbeat-*.dump"


def back_up(database_url: str, folder: Path, now: datetime) -> tuple[Path, Contents]:
    """Write a dump and the file beside it; a half-made one never has a dump's name. DumpError, psycopg2.Error."""
    dump = folder / NAME.format(now)
    partial = dump.with_suffix(".partial")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with closing(psycopg2.connect(dsn(database_url), connect_timeout=CONNECT_SECONDS)) as own:
            own.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with own.cursor() as statements:
                contents = contents_of(statements)
                if contents is None:
                    raise DumpError("the database has no tables of Skinbeat, so there is nothing to back up")
                statements.execute("SELECT pg_export_snapshot()")
                (snapshot,) = statements.fetchone() or ("",)
                run("pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={partial}"], database_url)
        run("pg_restore", ["--list", f"--file={os.devnull}", str(partial)], database_url)  # it can be read
        Manifest(now.isoformat(), checksum(partial), contents).write(dump)
        partial.rename(dump)
    finally:
        partial.unlink(missing_ok=True)
    return dump, contents


def drop_older(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` dumps; what was removed."""
    old = sorted(folder.glob(PATTERN))[:-keep]  # the name begins with the time
    for dump in old:
        dump.unlink()
        beside(dump).unlink(missing_ok=True)
    return old


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit code 0, 1 where no dump was made, 2 where the environment cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m migrations.backup", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the dump goes")
    parser.add_argument("--keep", type=_at_least_one, help="then remove all but so many of the newest")
    given = parser.parse_args(arguments)
    try:
        database_url = load(environ, "migrations").database_url
        dump, contents = back_up(database_url, given.folder, datetime.now(UTC))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_CONFIGURATION
    except (DumpError, psycopg2.Error, OSError) as error:
        sys.stderr.write(f"no backup: {str(error).strip()}\n")
        return 1
    size = dump.stat().st_size
    total = sum(contents.rows.values())
    sys.stdout.write(f"{dump}: {size} bytes, {total} rows in {len(contents.rows)} tables, {contents.migration}\n")
    for old in drop_older(given.folder, given.keep) if given.keep else []:
        sys.stdout.write(f"{old}: removed\n")
    return 0


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
