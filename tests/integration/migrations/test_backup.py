"""Backup and restore with PostgreSQL's own programs on a real server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from migrations.backup import back_up, drop_older
from migrations.backup import main as backup_main
from migrations.dumps import DumpError, beside, read_manifest
from migrations.restore import main as restore_main
from migrations.restore import restore
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.postgres_binaries import find_binaries
from tests.integration.conftest import ROOT, run_sql, with_name

CHATS = (
    "INSERT INTO chats (id, kind, state, created_at, changed_at)"
    " SELECT n, 'private', 'active', now(), now() FROM generate_series({}, {}) n"
)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version, as an operator has them in the PATH."""
    folder = next(one for one in _folders() if (one / "pg_dump").exists())
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def _folders() -> Iterator[Path]:
    yield find_binaries(None)
    if found := shutil.which("pg_dump"):
        yield Path(found).parent


@pytest.fixture
def empty_url(postgres: PostgresServer) -> Iterator[str]:
    run_sql(postgres.url, "CREATE DATABASE restored")
    yield with_name(postgres.url, "restored")
    run_sql(postgres.url, "DROP DATABASE restored WITH (FORCE)")


@pytest.fixture
def filled_url(database_url: str) -> str:
    """A migrated database with a chat and two days of price history."""
    run_sql(
        database_url,
        "SELECT make_history_partition(day::date) FROM generate_series(date '2026-03-01', '2026-03-02', '1 day') day",
    )
    run_sql(database_url, CHATS.format(1, 250))
    return database_url


def number(url: str, statement: str) -> int:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            (found,) = cursor.fetchone() or (0,)
            return int(found)
    finally:
        connection.close()


def test_restored_database_is_the_one_that_was_backed_up(filled_url: str, empty_url: str, tmp_path: Path) -> None:
    """Rows of every table, partitions, functions and the migration level."""
    dump, contents = back_up(filled_url, tmp_path, NOW)

    found = restore(empty_url, dump)

    assert dump.name == "skinbeat-20260301T120000Z.dump"
    assert found == contents
    assert found.rows["chats"] == 250
    assert (
        number(empty_url, "SELECT count(*) FROM pg_inherits")
        == number(filled_url, "SELECT count(*) FROM pg_inherits")
        > 0
    )
    assert number(empty_url, "SELECT count(*) FROM pg_proc WHERE proname = 'make_history_partition'") == 1
    assert [path.name for path in tmp_path.glob("*.partial")] == []


def test_backup_sees_one_moment(
    filled_url: str, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written while it runs is in neither the dump nor the count, so they agree."""
    folder, program = tmp_path / "bin", shutil.which("pg_dump")
    folder.mkdir()
    write = "import sys; from tests.integration.conftest import run_sql; run_sql(*sys.argv[1:])"
    (folder / "pg_dump").write_text(
        f"#!/bin/sh\ncd {ROOT} && {sys.executable} -c '{write}' '{filled_url}' \"{CHATS.format(999, 999)}\"\n"
        f'exec {program} "$@"\n'
    )
    (folder / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    dump, contents = back_up(filled_url, tmp_path, NOW)

    assert number(filled_url, "SELECT count(*) FROM chats") == 251
    assert contents.rows["chats"] == restore(empty_url, dump).rows["chats"] == 250


def test_database_in_use_is_never_written_over(filled_url: str, tmp_path: Path) -> None:
    """A restore at the wrong place must not cost the data that is there."""
    dump, _ = back_up(filled_url, tmp_path, NOW)

    with pytest.raises(DumpError, match=r"the database is not empty \(\d+ tables and sequences\): restore into a new"):
        restore(filled_url, dump)

    assert number(filled_url, "SELECT count(*) FROM chats") == 250


def test_damaged_dump_is_refused(filled_url: str, empty_url: str, tmp_path: Path) -> None:
    """One byte that changed on the way is found before anything is written."""
    dump, _ = back_up(filled_url, tmp_path, NOW)
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)

    with pytest.raises(DumpError, match="is damaged: its checksum is not the one"):
        restore(empty_url, dump)

    assert number(empty_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_rows_that_are_missing_are_named(filled_url: str, empty_url: str, tmp_path: Path) -> None:
    """A restore that lost something does not pass for one."""
    dump, contents = back_up(filled_url, tmp_path, NOW)
    text = beside(dump).read_text()
    beside(dump).write_text(text.replace('"chats": 250', '"chats": 251'))

    with pytest.raises(DumpError, match="not what was backed up: chats has 250 rows, not 251 rows"):
        restore(empty_url, dump)

    assert contents.rows["chats"] == 250


@pytest.mark.parametrize("text", ["", "{}", '{"form": 2}', '{"form": 1, "contents": 5}'])
def test_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    """An empty, foreign or future file beside a dump."""
    dump = tmp_path / "skinbeat.dump"
    beside(dump).write_text(text)

    with pytest.raises(DumpError, match=r"is not what a backup writes|is of form 2; this version reads form 1"):
        read_manifest(dump)


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """With the files beside them; what is no backup stays."""
    names = [f"skinbeat-{NOW + timedelta(days=day):%Y%m%dT%H%M%SZ}.dump" for day in range(4)]
    for name in [*names, "notes.txt"]:
        (tmp_path / name).touch()
        beside(tmp_path / name).touch()

    removed = drop_older(tmp_path, 2)

    assert [path.name for path in removed] == names[:2]
    assert {path.name for path in tmp_path.iterdir() if not path.name.endswith(".json")} == {*names[2:], "notes.txt"}


def test_commands_tell_what_they_did(filled_url: str, empty_url: str, tmp_path: Path) -> None:
    """As an operator runs them, one after the other; the password stands in no output."""
    password = make_url(filled_url).password or "missing"
    told = [_run("migrations.backup", filled_url, str(tmp_path), "--keep", "3")]
    (dump,) = tmp_path.glob("*.dump")
    told.append(_run("migrations.restore", empty_url, str(dump)))

    assert [one.returncode for one in told] == [0, 0], told
    assert told[0].stdout.startswith(f"{dump}: ")
    assert told[1].stdout.endswith(": all are there\n")
    assert not any(password in one.stdout + one.stderr for one in told)


def _run(module: str, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    command = [sys.executable, "-W", "error", "-m", module, *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def test_restore_beside_the_database_in_use(filled_url: str, postgres: PostgresServer, tmp_path: Path) -> None:
    """A new database is made for it, so that the one in use goes on; a second time it is not empty any more."""
    dump, _ = back_up(filled_url, tmp_path, NOW)
    into = [str(dump), "--database", "restored_beside"]

    codes = [restore_main(into, {"DATABASE_URL": filled_url}) for _ in range(2)]
    found = number(with_name(filled_url, "restored_beside"), "SELECT count(*) FROM chats")
    run_sql(postgres.url, "DROP DATABASE restored_beside WITH (FORCE)")

    assert codes == [0, 1]
    assert found == 250


def test_trouble_is_one_sentence(empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No tables, no file, no settings, no program: exit codes tell them apart from success."""
    codes = [
        backup_main([str(tmp_path)], {"DATABASE_URL": empty_url}),
        restore_main([str(tmp_path / "none.dump")], {"DATABASE_URL": empty_url}),
        backup_main([str(tmp_path)], {}),
        restore_main([str(tmp_path)], {}),
    ]
    said = capsys.readouterr().err.splitlines()

    assert codes == [1, 1, 2, 2]
    assert said[0] == "no backup: the database has no tables of Skinbeat, so there is nothing to back up"
    assert said[1].startswith(f"not restored: {tmp_path / 'none.dump.json'} cannot be read")
    assert said[2].startswith("DATABASE_URL is not set")


def test_missing_program_is_named(filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PostgreSQL's client is not installed; and no half-made file stays behind."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DumpError, match="pg_dump is not installed: it comes with PostgreSQL's client programs"):
        back_up(filled_url, tmp_path / "out", NOW)

    assert list((tmp_path / "out").iterdir()) == []
