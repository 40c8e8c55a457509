"""Which migration the tables are at, against the newest that this version of the program brings."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"
NO_RIGHT = "42501"  # Postgres: insufficient_privilege


def newest() -> str:
    """The number of the last migration, "" where the program was installed without them."""
    return max((path.name[:4] for path in VERSIONS.glob("[0-9]*.py")), default="")


def behind(session: Session) -> str | None:
    """None, or one sentence where migrations are missing; a database ahead of the program is as it should be.

    A user who may not read the level is told nothing. Raises ProgrammingError for a database without tables.
    """
    try:
        found: str | None = session.scalar(text("SELECT max(version_num) FROM alembic_version"))
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None) != NO_RIGHT:
            raise
        session.rollback()
        return None
    if (found or "") >= newest():
        return None
    return f"the database is at migration {found}, this version needs {newest()}: run `alembic upgrade head`"
