import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import redis

from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import FolderInUseError
from sandbox.servers.lock import RunnerLock
from sandbox.servers.processes import is_running, poll_until
from tests.integration.sandbox_servers.conftest import StartRunner
from tests.integration.sandbox_servers.sql import run_sql

NAMELESS = 54321  # no account has this number


def as_user(number: int) -> tuple[str, ...]:
    return ("unshare", "--user", f"--map-user={number}", f"--map-group={number}")


def can_become_another_user() -> bool:
    return shutil.which("unshare") is not None and (
        subprocess.run([*as_user(NAMELESS), "true"], capture_output=True, check=False).returncode == 0
    )


def test_data_survive_a_killed_runner_and_nothing_else_does(tmp_path: Path, start_runner: StartRunner) -> None:
    """After kill -9 no process is left, and the next runner finds all data."""
    runner = start_runner(tmp_path)
    first = runner.report()
    run_sql(first["postgres"], "CREATE TABLE kept AS SELECT 42 AS answer")
    with redis.Redis.from_url(first["broker"]) as client:
        client.set("kept", "42")
        client.execute_command("WAITAOF", 1, 0, 5000)

    os.kill(runner.process.pid, signal.SIGKILL)
    nothing_left = poll_until(lambda: not any(map(is_running, first["pids"])), 30)
    second = start_runner(tmp_path).report()

    assert nothing_left
    assert run_sql(second["postgres"], "SELECT answer FROM kept") == [(42,)]
    with redis.Redis.from_url(second["broker"]) as client:
        assert client.get("kept") == b"42"
    assert (second["postgres"], second["broker"]) == (first["postgres"], first["broker"])


def test_next_runner_waits_for_the_guard_of_a_killed_one(tmp_path: Path, start_runner: StartRunner) -> None:
    """Started right after kill -9, it waits until the old servers are gone instead of failing."""
    runner = start_runner(tmp_path)
    first = runner.report()

    os.kill(runner.process.pid, signal.SIGKILL)
    second = start_runner(tmp_path).report()

    assert not any(map(is_running, first["pids"]))
    assert all(map(is_running, second["pids"]))


def test_lock_of_a_killed_runner_is_free_only_when_its_servers_are_gone(
    tmp_path: Path, start_runner: StartRunner
) -> None:
    """The guard inherits the lock, so that nobody starts beside the old servers."""
    runner = start_runner(tmp_path)
    *servers, _guard = runner.report()["pids"]

    os.kill(runner.process.pid, signal.SIGKILL)
    runner.process.wait(30)
    lock = RunnerLock(tmp_path)
    still_running = [pid for pid in servers if is_running(pid)]
    lock.release()

    assert still_running == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signalled_runner_stops_its_children_in_order(
    number: signal.Signals, tmp_path: Path, start_runner: StartRunner
) -> None:
    """SIGTERM and SIGINT end the runner by its own exit code, with a clean shutdown of PostgreSQL."""
    runner = start_runner(tmp_path)
    pids = runner.report()["pids"]

    runner.process.send_signal(number)
    code = runner.process.wait(20)

    assert code == 128 + number
    assert not any(map(is_running, pids))
    assert "database system is shut down" in (tmp_path / "postgres" / "server.log").read_text()


def test_second_runner_on_a_folder_is_refused(tmp_path: Path) -> None:
    """It is told at once who holds the folder."""
    started = time.monotonic()

    with (
        ProcessFamily(tmp_path),
        pytest.raises(FolderInUseError, match=f"in use by another runner .process {os.getpid()}."),
    ):
        ProcessFamily(tmp_path)

    assert time.monotonic() - started < 5


def test_folder_is_free_after_the_runner_has_left(tmp_path: Path) -> None:
    """Leaving the family gives the folder back."""
    with ProcessFamily(tmp_path) as first:
        first_guard = first.guard_pid

    with ProcessFamily(tmp_path) as second:
        second_guard = second.guard_pid

    assert not is_running(first_guard)
    assert second_guard != first_guard


@pytest.mark.skipif(not can_become_another_user(), reason="user namespaces are switched off here")
@pytest.mark.parametrize("user", [pwd.getpwnam("daemon").pw_uid, NAMELESS])
def test_runner_works_without_being_root(tmp_path: Path, start_runner: StartRunner, user: int) -> None:
    """As an ordinary user, and under a number without a name as containers have it."""
    report = start_runner(tmp_path, as_user(user)).report()

    assert report["user"] == user
    assert run_sql(report["postgres"], "SELECT 1") == [(1,)]
    with redis.Redis.from_url(report["broker"]) as client:
        assert client.ping()
