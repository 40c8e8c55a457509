"""The users of worker and bot when the schema goes down and up again."""

from contextlib import closing

import psycopg2

from migrations.roles import USERS, apply
from tests.integration.conftest import migrate
from tests.integration.migrations.schema import step, values
from tests.integration.models.test_roles import PASSWORDS, WORKER_USER, refusal, url_for

RIGHTS = """
    SELECT concat_ws(' ', grantee, table_name, NULL, privilege_type) FROM information_schema.role_table_grants
    WHERE grantee LIKE 'skinbeat%'
    UNION SELECT concat_ws(' ', grantee, table_name, column_name, privilege_type)
    FROM information_schema.column_privileges WHERE grantee LIKE 'skinbeat%'
    UNION SELECT concat_ws(' ', grantee, routine_name, privilege_type)
    FROM information_schema.role_routine_grants WHERE routine_name LIKE '%history_partition%' AND grantee <> 'postgres'
"""


def rights(url: str) -> set[str]:
    """Every right of both users, column by column, and whoever but the owner may call our functions."""
    return set(values(url, RIGHTS))


def test_users_lose_only_what_a_revision_takes_and_get_it_back(database_url: str) -> None:
    """They go on at once after the next upgrade, but for the tables that are new; nobody has more than before."""
    apply(database_url, PASSWORDS)
    before = rights(database_url)

    step(database_url, "0013")
    step(database_url, "0014")
    between = rights(database_url)
    worker = url_for(database_url, WORKER_USER, PASSWORDS["WORKER_DB_PASSWORD"])
    read, refused = refusal(worker, "SELECT count(*) FROM prices"), refusal(worker, "SELECT count(*) FROM accounts")
    apply(database_url, PASSWORDS)

    assert {right.split(" ")[1] for right in before - between} == {"accounts"}
    assert between < before
    assert (read, refused) == (None, "InsufficientPrivilege")
    assert rights(database_url) == before


def test_users_outlive_a_way_down_to_nothing(database_url: str) -> None:
    """Names and passwords stay, their rights go with the tables, and one command brings exactly those back."""
    apply(database_url, PASSWORDS)
    before = rights(database_url)

    migrate(database_url, "base")
    nothing = rights(database_url)
    migrate(database_url)
    new = rights(database_url)
    apply(database_url, PASSWORDS)

    assert nothing == new == {right for right in before if " alembic_version " in right}
    assert rights(database_url) == before
    for variable, (user, _) in USERS.items():
        with closing(psycopg2.connect(url_for(database_url, user, PASSWORDS[variable]))) as own, own.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM items")
            assert cursor.fetchone() == (0,)
