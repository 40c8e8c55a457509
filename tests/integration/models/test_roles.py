"""The database users of worker and bot: what each may do, and what it may not."""

import subprocess
import sys
from contextlib import closing

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from migrations.roles import BOT, USERS, WORKER, apply
from models import Table
from models.database import Database
from models.queries import history
from tests.factories import NOW
from tests.integration.conftest import ROOT
from tests.rows import make_chat, make_partitions, rows

PASSWORDS = {"WORKER_DB_PASSWORD": "worker-canary-1", "BOT_DB_PASSWORD": "bot-canary-22"}
WORKER_USER, BOT_USER = (user for user, _ in USERS.values())
REFUSED = {
    WORKER_USER: (
        "UPDATE chats SET state = 'stopped'",
        "UPDATE filters SET min_net = 0",
        "INSERT INTO chats SELECT * FROM chats",
        "DELETE FROM chats",
        "UPDATE alerts SET state = 'sent'",
        "DELETE FROM alerts",
        "UPDATE price_history SET ask = 1",
        "DELETE FROM price_history",
        "UPDATE accounts SET state = 'in_use'",
        "DELETE FROM accounts",
        "DELETE FROM opportunities",
        "SELECT drop_history_partitions('2199-01-01')",
        "SELECT make_history_partition('2500-01-01')",
        "SELECT make_history_partition(NULL)",
    ),
    BOT_USER: (
        "SELECT * FROM accounts",
        "INSERT INTO prices SELECT * FROM prices",
        "UPDATE prices SET ask = 1",
        "UPDATE scan_runs SET state = 'done'",
        "DELETE FROM scan_runs",
        "UPDATE opportunities SET buy = 1",
        "UPDATE game_fees SET bps = 0",
        "DELETE FROM reduced_fees",
        "UPDATE verdicts SET gate = ''",
        "UPDATE price_history SET ask = 1",
        "UPDATE sales_references SET price = 1",
        "DELETE FROM filters",
        "UPDATE audit SET action = 'nothing'",
        "DELETE FROM audit",
        "DELETE FROM broadcasts",
        "SELECT make_history_partition('2026-11-22')",
        "SELECT drop_history_partitions('2026-11-22')",
    ),
}
NOBODY = (
    "CREATE TABLE own (id int)",
    "DROP TABLE prices",
    "ALTER TABLE prices ADD COLUMN own int",
    "TRUNCATE prices",
    "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE other",
    "ALTER ROLE skinbeat_bot SUPERUSER",
    "SET ROLE postgres",
    "COPY prices TO PROGRAM 'true'",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT * FROM pg_authid",
    "UPDATE alembic_version SET version_num = '0001'",
    "ALTER SYSTEM SET work_mem = '1MB'",
)


def url_for(database_url: str, user: str, password: str) -> str:
    return make_url(database_url).set(username=user, password=password).render_as_string(hide_password=False)


@pytest.fixture
def urls(database_url: str) -> dict[str, str]:
    """How each user reaches the test's database."""
    apply(database_url, PASSWORDS)
    users = {user: PASSWORDS[variable] for variable, (user, _) in USERS.items()}
    return {user: url_for(database_url, user, password) for user, password in users.items()}


def refusal(url: str, statement: str) -> str | None:
    """How the server refuses a statement, None where it does not."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        try:
            connection.cursor().execute(statement)
        except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.RaiseException) as error:
            return type(error).__name__
    return None


@pytest.mark.parametrize("user", [WORKER_USER, BOT_USER])
def test_what_is_not_a_users_business_is_refused(urls: dict[str, str], user: str) -> None:
    """Neither the other's rows nor what its own work does not need, nor anything beside rows."""
    allowed = [one for one in (*REFUSED[user], *NOBODY) if refusal(urls[user], one) is None]

    assert allowed == []


def test_the_worker_makes_and_drops_partitions_of_the_history_alone(urls: dict[str, str], database: Database) -> None:
    """Through two functions that take a date; the tables stay their owner's."""
    make_chat(database, 1)
    own = Database(urls[WORKER_USER].replace("postgresql://", "postgresql+psycopg2://"))
    made = make_partitions(own)
    with own.transaction() as session:
        dropped = history.drop_partitions(session, NOW, 1)
    own.dispose()
    owners = rows(
        database, "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname LIKE 'price_history_%'"
    )

    assert len(made) == 4
    assert dropped == []
    assert owners == [("postgres",)]


def test_every_table_is_considered() -> None:
    """A new table needs a decision on who may do what with it: migrations/roles.py."""
    tables = set(Table.metadata.tables)

    assert set(WORKER) | set(BOT) == tables | {"alembic_version"}  # which a worker reads for its /ready
    own = {"bans", "feedback", "questions", "user_roles", "audit", "broadcasts", "departed", "remarks"}
    assert set(WORKER) >= tables - own  # what readers say, who may what, what operators did
    assert not [table for table in BOT if table in {"prices", "scan_runs", "game_fees"} and len(BOT[table]) > 1]


def test_users_are_renewed_and_their_passwords_are_told_to_nobody(database_url: str, urls: dict[str, str]) -> None:
    """The command says what it did without the password; the former one stops working, the stored one is a verifier."""
    environ = {"DATABASE_URL": database_url, "BOT_DB_PASSWORD": "another canary"}
    done = subprocess.run(
        [sys.executable, "-m", "migrations.roles"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "skinbeat_bot: password and rights are set\n"), done.stderr
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(urls[BOT_USER])
    psycopg2.connect(url_for(database_url, BOT_USER, "another canary")).close()
    psycopg2.connect(urls[WORKER_USER]).close()
    with closing(psycopg2.connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (BOT_USER,))
        assert str(cursor.fetchone()).startswith("('SCRAM-SHA-256$")


@pytest.mark.parametrize(
    ("environ", "code", "said"),
    [
        ({}, 2, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://x:canary-pass@127.0.0.1:1/x"}, 2, "WORKER_DB_PASSWORD or BOT_DB_PASSWORD"),
        ({"DATABASE_URL": "postgresql://x:canary-pass@127.0.0.1:1/x", "BOT_DB_PASSWORD": "canary"}, 2, "12 characters"),
        ({"DATABASE_URL": "postgresql://x:canary-pass@127.0.0.1:1/x", "BOT_DB_PASSWORD": "canary" * 3}, 1, "refused"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(environ: dict[str, str], code: int, said: str) -> None:
    """Of the environment with exit code 2, of the server with 1; no password in it."""
    done = subprocess.run(
        [sys.executable, "-m", "migrations.roles"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == code
    assert said in done.stderr
    assert "canary" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
