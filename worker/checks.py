"""What /ready of the Celery processes looks at; each check gives one sentence where something is wrong."""

from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import create_engine, select
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.pool import NullPool

from models.scans import ScanRun
from worker.application import app, settings


def database() -> str | None:
    """None when our tables can be read."""
    engine = create_engine(settings().database_url, poolclass=NullPool, connect_args={"connect_timeout": 2})
    try:
        with engine.connect() as connection:
            connection.execute(select(ScanRun.id).limit(1))
    except ProgrammingError:
        return NO_TABLES
    except DBAPIError as error:
        return f"the database does not answer: {first_line(error.orig)}"
    return None


def broker() -> str | None:
    """None when the broker takes a connection."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except BrokerError as error:
        return f"the broker does not answer: {first_line(error)}"
    return None


NO_TABLES = "the database has no tables yet: run `alembic upgrade head`"


def first_line(error: BaseException | None) -> str:
    """The part of an error's text that says what happened; drivers append hints and links."""
    return str(error).strip().partition("\n")[0]
