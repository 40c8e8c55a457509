"""What the operators' commands share: quiet logs, a database, who acts, one sentence where something is away."""

import getpass
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import click
from kombu.exceptions import OperationalError as BrokerError
from rich.console import Console
from sqlalchemy.exc import DBAPIError, ProgrammingError

from config.settings import Settings
from models.database import Database
from models.queries import audit
from models.queries.audit import Action
from telemetry import logs
from worker import checks
from worker.application import settings

POLL = 0.3  # seconds between two looks at the rows
NOT_ALLOWED = "42501"  # Postgres: insufficient_privilege


@dataclass(frozen=True, slots=True)
class Shell:
    """A command's surroundings. The database is the one of DATABASE_URL, with that user's rights."""

    settings: Settings
    database: Database
    console: Console

    def now(self) -> datetime:
        """The one clock of the commands."""
        return datetime.now(UTC)

    def note(self, action: Action, subject: object, **detail: str | int | None) -> None:
        """Write down in the audit log what is about to be done."""
        with self.database.transaction() as session:
            audit.write(session, actor(), action, subject, self.now(), **detail)


def actor() -> str:
    """Who acts, for the audit log: `cli:` and the name of the operating system's user."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):  # a container may run as a number without a name
        return f"cli:{os.getuid()}"


def quiet_settings(process: str) -> Settings:
    """The settings of this command, its log reduced to warnings: the console says what the log would."""
    quiet = settings().model_copy(update={"log_level": "WARNING"})
    logs.setup(quiet, process)
    return quiet


@contextmanager
def shell(process: str) -> Iterator[Shell]:
    """The surroundings of one command; ClickException with one sentence where database or broker fail it."""
    quiet = quiet_settings(process)
    database = Database(quiet.database_url, pool_size=1, name=f"skinbeat {process}")
    try:
        with sentences():
            yield Shell(quiet, database, Console())
    finally:
        database.dispose()


@contextmanager
def sentences() -> Iterator[None]:
    """One sentence instead of a stack for what an operator can mend."""
    try:
        yield
    except BrokerError as error:
        raise click.ClickException(f"the broker does not answer: {checks.first_line(error)}") from error
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None) == NOT_ALLOWED:
            told = (
                f"this database user may not do that ({checks.first_line(error.orig)}): give the owner's DATABASE_URL"
            )
            raise click.ClickException(told) from error
        raise click.ClickException(checks.NO_TABLES) from error
    except DBAPIError as error:
        raise click.ClickException(f"the database does not answer: {checks.first_line(error.orig)}") from error


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Look every POLL seconds; False where that long was not enough."""
    ends = time.monotonic() + seconds
    while not done():
        if time.monotonic() > ends:
            return False
        time.sleep(POLL)  # between two looks at the rows
    return True
