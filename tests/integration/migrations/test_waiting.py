"""A migration that finds others in its way: it names them, makes way for workers, tries again, and ends some time."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg2
import pytest
from psycopg2.extensions import connection
from sqlalchemy.engine import make_url

from migrations.patience import MIGRATION_LOCK, BadLimitError, Limits
from models.database import SESSION, Database
from tests.integration.conftest import ROOT, run_sql
from tests.integration.migrations.schema import schema, step, values
from tests.integration.models.threads import PATIENCE, wait_until_blocked
from tests.rows import single

LEVEL = "SELECT version_num FROM alembic_version"


@contextmanager
def holding(url: str, statement: str) -> Iterator[connection]:
    """A session that has executed a statement in a transaction and not ended it."""
    with closing(psycopg2.connect(url, application_name="a long report")) as own, own.cursor() as cursor:
        cursor.execute(statement)
        yield own


def alembic(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As an operator runs it."""
    command = [sys.executable, "-m", "alembic", *arguments]
    environ = {"DATABASE_URL": url}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


def impatient(**seconds: int) -> list[str]:
    return [word for name, value in seconds.items() for word in ("-x", f"{name}={value}")]


@contextmanager
def begun(url: str, *arguments: str) -> Iterator[Future[subprocess.CompletedProcess[str]]]:
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(alembic, url, *arguments)


def wait_until_given_way(database: Database) -> None:
    """Return once nobody waits for a lock any more."""
    deadline = time.monotonic() + PATIENCE
    while single(database, "SELECT count(*) FROM pg_locks WHERE NOT granted"):
        assert time.monotonic() < deadline, "somebody waits for a lock for ever"
        time.sleep(0.005)  # between two looks at the condition


def test_whoever_is_in_the_way_is_named_and_nothing_is_changed(database_url: str) -> None:
    """Exit code 1 after the wait, with the table, the session and what helps; no traceback, no query of theirs."""
    step(database_url, "0013")
    before = schema(database_url)

    with holding(database_url, "SELECT 'canary' FROM audit") as other:
        done = alembic(database_url, *impatient(lock=1, wait=1), "upgrade", "head")
        pid = other.info.backend_pid

    assert done.returncode == 1
    told = done.stderr.splitlines()[-1]
    held = rf"audit is held by session {pid} of postgres \(a long report\), in a transaction for \d+ s"
    helps = "end that session, or wait longer: alembic -x wait=SECONDS; the database is at 0013"
    assert re.fullmatch(f"not migrated: gave up after 1 s: {held}; {helps}", told), done.stderr
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr
    assert schema(database_url) == before


def test_a_revision_is_tried_again_until_the_lock_is_free(database_url: str, database: Database) -> None:
    """Without anybody's help, once the other session has ended."""
    step(database_url, "0013")

    with begun(database_url, *impatient(lock=1), "upgrade", "head") as running:
        with holding(database_url, "SELECT FROM audit"):
            wait_until_blocked(database)
            wait_until_given_way(database)
        done = running.result()

    assert (done.returncode, values(database_url, LEVEL)) == (0, ["0014"]), done.stderr
    assert re.match(r"audit is held by session .*; trying again for \d+ s\n", done.stderr)


def test_a_deadlock_costs_the_migration_a_try(database_url: str, database: Database) -> None:
    """Whoever took two tables in the other order goes on, and then the migration does."""
    step(database_url, "0012")

    with begun(database_url, *impatient(lock=9), "upgrade", "0013") as running:
        with holding(database_url, "SET deadlock_timeout = '1min'; LOCK opportunities IN ROW EXCLUSIVE MODE") as other:
            wait_until_blocked(database)
            with other.cursor() as cursor:
                cursor.execute("LOCK items IN ROW EXCLUSIVE MODE")
        done = running.result()

    assert (done.returncode, values(database_url, LEVEL)) == (0, ["0013"]), done.stderr
    assert done.stderr.count("; trying again for ") == 1


def test_workers_that_queue_up_behind_a_migration_go_on(database_url: str, database: Database) -> None:
    """A migration gives its place in the queue up before a worker's own patience for a lock ends."""
    step(database_url, "0013")

    with holding(database_url, "SELECT FROM audit"), begun(database_url, *impatient(wait=1), "upgrade", "head"):
        wait_until_blocked(database)
        with database.transaction() as session:
            read = session.connection().exec_driver_sql("SELECT count(*) FROM audit").scalar()

    assert read == 0
    assert Limits().lock * 1000 < int(str(SESSION["lock_timeout"]))


def test_what_was_done_before_the_lock_stays(database_url: str) -> None:
    """Each revision is a transaction of its own; the next try begins where this one ended."""
    step(database_url, "0012")

    with holding(database_url, "SELECT FROM audit"):
        done = alembic(database_url, *impatient(lock=1, wait=1), "upgrade", "head")
    again = alembic(database_url, "upgrade", "head")

    assert done.stderr.endswith("; the database is at 0013\n")
    assert (again.returncode, again.stderr, values(database_url, LEVEL)) == (0, "", ["0014"])


def test_steps_that_are_counted_are_never_made_twice(database_url: str) -> None:
    """`-2` whose first step is done must not become three: it ends and says what is left."""
    with holding(database_url, "SELECT FROM items"):
        done = alembic(database_url, *impatient(lock=1, wait=20), "downgrade", "-2")

    assert done.returncode == 1
    assert done.stderr == (
        "not migrated: others were in the way after 0014; run what is left of -2; the database is at 0013\n"
    )


def test_another_migration_is_named_and_not_waited_for_for_ever(database_url: str) -> None:
    """One that hangs, or a session in which somebody took its lock by hand."""
    with holding(database_url, f"SELECT pg_advisory_lock({MIGRATION_LOCK})") as other:
        done = alembic(database_url, *impatient(turn=1), "upgrade", "head")
        pid = other.info.backend_pid

    assert done.returncode == 1
    assert f"another migration runs: advisory is held by session {pid} of postgres" in done.stderr


def test_a_statement_that_takes_too_long_is_undone(database_url: str) -> None:
    """With the setting that gives it more, and no traceback."""
    step(database_url, "0013")

    with holding(database_url, "SELECT FROM audit"):
        done = alembic(database_url, *impatient(lock=9, statement=1), "upgrade", "head")

    assert done.returncode == 1
    assert done.stderr == (
        "not migrated: a statement took longer than 1 s; alembic -x statement=SECONDS gives it more; "
        "the database is at 0013\n"
    )


def test_a_user_who_is_not_the_owner_learns_it(database_url: str) -> None:
    """The worker's URL in the place of the owner's."""
    step(database_url, "0013")
    run_sql(database_url, "DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN PASSWORD 'stranger-canary'")
    run_sql(database_url, "GRANT SELECT ON alembic_version TO stranger")
    url = make_url(database_url).set(username="stranger", password="stranger-canary")

    done = alembic(url.render_as_string(hide_password=False), "upgrade", "head")
    run_sql(database_url, "DROP OWNED BY stranger; DROP ROLE stranger")

    assert done.returncode == 1
    assert done.stderr.endswith("DATABASE_URL must be that of the tables' owner; the database is at 0013\n")
    assert done.stderr.startswith("not migrated: permission denied")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"lok": "1"}, "-x lok: must be one of lock, wait, statement, turn"),
        ({"lock": "0"}, "-x lock=0: must be whole seconds from 1 to 86400"),
        ({"wait": "1.5"}, "-x wait=1.5: must be"),
        ({"wait": ""}, "-x wait=: must be"),
        ({"turn": "86401"}, "-x turn=86401: must be"),
    ],
)
def test_a_limit_that_cannot_be_used_is_refused(words: dict[str, str], said: str) -> None:
    """Before anything is asked of the database."""
    with pytest.raises(BadLimitError, match=said):
        Limits.given(words)


def test_a_bad_limit_ends_the_command_with_code_2(database_url: str) -> None:
    """As everything that is wrong with what was set or typed."""
    done = alembic(database_url, *impatient(lock=0), "upgrade", "head")

    assert (done.returncode, done.stderr) == (2, "-x lock=0: must be whole seconds from 1 to 86400\n")
