"""How long a migration waits: a little for each lock, then it makes way for others and tries again."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Self, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

MIGRATION_LOCK = 0x534B4E42  # any fixed number: "SKNB"
PAUSE = 1.0  # seconds in which those who queued up behind us go on
LONGEST = 86_400
STATEMENT_TIMEOUT = "57014"
NO_RIGHT = "42501"
BUSY = {"55P03", "40P01"}  # a lock was not to be had in time; a deadlock that the server ended at our cost
T = TypeVar("T")


class RefusedError(Exception):
    """A migration that was not made; the text says why, what the database is left at, and what helps."""

    permanent = False
    retry_after: float | None = None


class BadLimitError(ValueError):
    """What was given with -x cannot be used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Whole seconds, each to be changed by `alembic -x NAME=SECONDS`.

    `lock` is the longest wait for one lock: below the 5 s after which workers and bot, who queue up behind us, give
    up (models/database.py). `wait` is how long a revision is tried again for, `statement` the longest statement,
    `turn` the wait for another migration that runs.
    """

    lock: int = 3
    wait: int = 300
    statement: int = 600
    turn: int = 3600

    @classmethod
    def given(cls, words: Mapping[str, str]) -> Self:
        """Read what stood behind -x. Raises BadLimitError."""
        names = [field.name for field in fields(cls)]
        for name, value in words.items():
            if name not in names:
                raise BadLimitError(f"-x {name}: must be one of {', '.join(names)}")
            if not (value.isascii() and value.isdigit() and 0 < int(value) <= LONGEST):
                raise BadLimitError(f"-x {name}={value}: must be whole seconds from 1 to {LONGEST}")
        return cls(**{name: int(value) for name, value in words.items()})


def impose(connection: Connection, *, lock: int, statement: int) -> None:
    """Have the server end waits for a lock, and statements, that last longer (seconds; 0 is for ever)."""
    for name, seconds in (("lock_timeout", lock), ("statement_timeout", statement)):
        connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": f"{seconds}s"})
    connection.commit()


def busy(error: DBAPIError) -> bool:
    """Whether others were in the way, so that the same may succeed later."""
    return _code(error) in BUSY


def patiently(step: Callable[[], T], limit: str, seconds: int, why: Callable[[], str], say: Callable[[str], None]) -> T:
    """What `step` returns, tried again while others are in the way, for the `seconds` of one of the Limits.

    `why` says who is in the way. `step` leaves nothing behind where it fails. Raises RefusedError, and every other
    error of the database as it came.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return step()
        except DBAPIError as error:
            if not busy(error):
                raise
            left, held = deadline - time.monotonic(), why()
            if left <= 0:
                raise RefusedError(
                    f"gave up after {seconds} s: {held}; end that session, or wait longer: alembic -x {limit}=SECONDS"
                ) from error
            say(f"{held}; trying again for {left:.0f} s")
        time.sleep(PAUSE)  # lets those who queued behind this go first


def refusal(error: DBAPIError, limits: Limits) -> str | None:
    """A sentence for what an operator can mend; None for a fault of ours, whose traceback is wanted."""
    if _code(error) == STATEMENT_TIMEOUT:
        return f"a statement took longer than {limits.statement} s; alembic -x statement=SECONDS gives it more"
    if _code(error) == NO_RIGHT:
        return f"{str(error.orig).partition(chr(10))[0]}; DATABASE_URL must be that of the tables' owner"
    return None


def _code(error: DBAPIError) -> str | None:
    return getattr(error.orig, "pgcode", None)
