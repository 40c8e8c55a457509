"""What the commands and the delivery work with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from bot.limits import Limits
from bot.pictures.painter import Painter
from config.settings import Settings
from models.database import Database

Result = TypeVar("Result")

DATABASE_AWAY = (DBAPIError, NoConnection)  # what a query raises when the server or the pool does not serve it


def reason(error: Exception) -> str:
    """The first line of what the driver says, which holds no statement and no value."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return str(said).strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Services:
    """The database, the settings, the clock (aware UTC), what each person may ask for in a minute, and who draws."""

    database: Database
    settings: Settings
    now: Callable[[], datetime]
    limits: Limits
    painter: Painter = field(default_factory=Painter)

    async def query(self, work: Callable[[Session], Result]) -> Result:
        """`work` in a transaction of its own, in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self._transaction, work)

    def _transaction(self, work: Callable[[Session], Result]) -> Result:
        with self.database.transaction() as session:
            return work(session)
