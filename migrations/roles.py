"""`python -m migrations.roles`: makes or renews the database users of worker and bot, each with what it needs.

DATABASE_URL is the owner's, the one that migrates. WORKER_DB_PASSWORD and BOT_DB_PASSWORD become the users' passwords;
a user whose variable is not set is left as it is. To be run after every migration: new tables need new grants.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import closing

import psycopg2
from psycopg2.extensions import connection, cursor, encrypt_password
from psycopg2.sql import SQL, Identifier, Literal
from sqlalchemy.engine import make_url

from config.settings import SettingsError, load

SHORTEST = 12  # characters of a password
BAD_CONFIGURATION = 2
READ, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"
Rights = Mapping[str, tuple[str, ...]]

# UPDATE of one column that says nothing is what PostgreSQL asks for a lock on a chat while alerts are written for it.
WORKER: Rights = {
    "accounts": (READ,),
    "alembic_version": (READ,),
    "alerts": (READ, ADD, "UPDATE (strike_due_at)"),
    "audit": (READ, ADD),
    "catalogue_walks": (READ, ADD, CHANGE),
    "chats": (READ, "UPDATE (changed_at)"),
    "conditions": (READ, ADD, CHANGE, REMOVE),
    "filters": (READ,),
    "game_fees": (READ, ADD, CHANGE),
    "game_pauses": (READ,),
    "item_groups": (READ, ADD, CHANGE),
    "items": (READ, ADD, CHANGE),
    "leases": (READ, ADD, CHANGE, REMOVE),
    "manners": (READ,),
    "mutes": (READ,),
    "nominees": (READ, ADD, CHANGE, REMOVE),
    "opportunities": (READ, ADD, CHANGE),
    "opportunity_events": (READ, ADD),
    "price_history": (READ, ADD),
    "prices": (READ, ADD, CHANGE),
    "reduced_fees": (READ, ADD, REMOVE),
    "sales_references": (READ, ADD, CHANGE),
    "scan_batches": (READ, ADD, CHANGE, REMOVE),
    "scan_runs": (READ, ADD, CHANGE, REMOVE),
    "verdicts": (READ, ADD, CHANGE),
    "watches": (READ, "UPDATE (seen, seen_at)"),
}
BOT: Rights = {
    "alerts": (READ, ADD, CHANGE, REMOVE),
    "audit": (READ, ADD),
    "bans": (READ, ADD, CHANGE, REMOVE),
    "broadcasts": (READ, ADD, CHANGE),
    "chats": (READ, ADD, CHANGE, REMOVE),
    "conditions": (READ,),
    "departed": (READ, ADD, CHANGE),
    "feedback": (READ, ADD, CHANGE, REMOVE),
    "filters": (READ, ADD, CHANGE),
    "game_fees": (READ,),
    "game_pauses": (READ, ADD, REMOVE),
    "item_groups": (READ,),
    "items": (READ,),
    "manners": (READ, ADD, CHANGE, REMOVE),
    "mutes": (READ, ADD, CHANGE, REMOVE),
    "nominees": (READ,),
    "opportunities": (READ,),
    "price_history": (READ,),
    "prices": (READ,),
    "questions": (READ, ADD, CHANGE, REMOVE),
    "reduced_fees": (READ,),
    "remarks": (READ, ADD, CHANGE, REMOVE),
    "sales_references": (READ,),
    "scan_runs": (READ,),
    "user_roles": (READ, ADD, CHANGE, REMOVE),
    "verdicts": (READ,),
    "watches": (READ, ADD, CHANGE, REMOVE),
}
FUNCTIONS = ("make_history_partition(date)", "drop_history_partitions(date)")  # the worker's alone
USERS: Mapping[str, tuple[str, Rights]] = {
    "WORKER_DB_PASSWORD": ("skinbeat_worker", WORKER),
    "BOT_DB_PASSWORD": ("skinbeat_bot", BOT),
}


def apply(owner_url: str, passwords: Mapping[str, str]) -> list[str]:
    """Make or renew the users whose password is given, in one transaction; returns their names.

    `passwords` is by variable. Raises psycopg2.Error where the owner may not make users or the tables are missing.
    """
    done = []
    url = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(url, connect_timeout=5)) as own, own, own.cursor() as statements:
        statements.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")  # servers before PostgreSQL 15 allow it
        for variable, password in passwords.items():
            name, rights = USERS[variable]
            _renew(own, statements, name, password)
            _allow(statements, name, rights)
            if rights is WORKER:
                for function in FUNCTIONS:
                    statements.execute(SQL("GRANT EXECUTE ON FUNCTION " + function + " TO {}").format(Identifier(name)))
            done.append(name)
    return done


def _renew(own: connection, statements: cursor, name: str, password: str) -> None:
    statements.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,))
    if statements.fetchone() is None:
        statements.execute(SQL("CREATE ROLE {}").format(Identifier(name)))
    # Only a verifier leaves this process: a password in a statement could end up in the server's log.
    verifier = encrypt_password(password, name, own, "scram-sha-256")
    # What is not named is "no" for a new user; naming it would take a superuser.
    statements.execute(SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}").format(Identifier(name), Literal(verifier)))


def _allow(statements: cursor, name: str, rights: Rights) -> None:
    user = Identifier(name)
    statements.execute("SELECT current_database()")
    (database,) = statements.fetchone() or ("",)
    statements.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(Identifier(database), user))
    statements.execute(SQL("GRANT USAGE ON SCHEMA public TO {}").format(user))
    statements.execute(SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(user))
    for table, privileges in rights.items():
        rows = Identifier("public", table)
        statements.execute(SQL("GRANT " + ", ".join(privileges) + " ON {} TO {}").format(rows, user))


def problems(passwords: Mapping[str, str]) -> list[str]:
    """One sentence for each password that cannot be used."""
    if not passwords:
        return [f"set {' or '.join(USERS)}: the passwords that the users shall have"]
    return [
        f"{variable}: must have at least {SHORTEST} characters"
        for variable, password in passwords.items()
        if len(password) < SHORTEST
    ]


def main(environ: Mapping[str, str]) -> int:
    """Exit code 0, 1 where the server refuses, 2 where the environment cannot be used."""
    passwords = {variable: environ[variable] for variable in USERS if environ.get(variable)}
    try:
        owner_url = load(environ, "migrations").database_url
        wrong = problems(passwords)
    except SettingsError as error:
        wrong = error.problems
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return BAD_CONFIGURATION
    try:
        done = apply(owner_url, passwords)
    except psycopg2.Error as error:
        sys.stderr.write(f"DATABASE_URL: {str(error).strip().partition(chr(10))[0]}\n")
        return 1
    sys.stdout.write(f"{', '.join(done)}: password and rights are set\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
