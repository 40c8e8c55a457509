"""`celery -A worker admins` as whole processes: the same roles as in the bot."""

import subprocess
import sys

import pytest

from models.database import Database
from tests.integration.worker.processes import ROOT, celery
from tests.rows import rows


class Admins:
    def __init__(self, database_url: str) -> None:
        self.environ = {"PATH": "/usr/bin:/bin", "LOGNAME": "operator", "DATABASE_URL": database_url}

    def run(self, *words: str, **variables: str) -> tuple[int, str]:
        """Exit code, and what was said on stdout and stderr."""
        command = [sys.executable, "-W", "error", *celery("admins", *words)]
        environ = {**self.environ, **variables}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def admins(database_url: str) -> Admins:
    return Admins(database_url)


def test_roles_are_given_changed_listed_and_taken(admins: Admins, database: Database) -> None:
    """Each change is a row of the audit log that names the operating system's user."""
    said = [
        admins.run("list"),
        admins.run("grant", "501", "owner"),
        admins.run("grant", "502", "viewer"),
        admins.run("grant", "502", "admin"),
        admins.run("list", ADMIN_USERS="900"),
        admins.run("revoke", "502"),
    ]

    assert [code for code, _ in said] == [0] * 6, said
    assert "nobody has a role" in said[0][1]
    assert said[3][1] == "502 has the role admin from now on\n"
    assert all(word in said[4][1] for word in ("501", "owner", "502", "admin", "900", "ADMIN_USERS"))
    assert said[5][1] == "502 has no role from now on\n"
    found = rows(database, "SELECT user_id, actor, action, subject, detail FROM audit ORDER BY id")
    assert [tuple(row) for row in found] == [
        (0, "cli:operator", "grant_role", "501", {"former": None, "role": "owner"}),
        (0, "cli:operator", "grant_role", "502", {"former": None, "role": "viewer"}),
        (0, "cli:operator", "grant_role", "502", {"former": "viewer", "role": "admin"}),
        (0, "cli:operator", "revoke_role", "502", {"former": "admin", "role": None}),
    ]


def test_what_cannot_be_is_one_sentence(admins: Admins, database: Database) -> None:
    """The last owner, one of the settings, nothing to change, a banned person, words that are no user or role."""
    admins.run("grant", "501", "owner")
    ban = "INSERT INTO bans VALUES (503, '', 501, now()) RETURNING user_id"
    rows(database, ban)

    said = {
        "last owner": admins.run("revoke", "501"),
        "named in ADMIN_USERS": admins.run("grant", "900", "viewer", ADMIN_USERS="900"),
        "has the role owner already": admins.run("grant", "501", "owner"),
        "has no role already": admins.run("revoke", "77"),
        "is banned": admins.run("grant", "503", "viewer"),
        "'boss' is not one of": admins.run("grant", "501", "boss"),
        "'bob' is not a valid integer": admins.run("grant", "bob", "viewer"),
        "DATABASE_URL is not set": admins.run("list", DATABASE_URL=""),
    }

    assert [code for code, _ in said.values()] == [1, 1, 1, 1, 1, 2, 2, 2]
    assert [part for part, (_, text) in said.items() if part not in text] == []
    assert len(rows(database, "SELECT 1 FROM audit")) == 1
