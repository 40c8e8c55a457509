"""What the commands and the delivery work with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from config.settings import Settings
from models.database import Database

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Services:
    """The database, the settings and the clock (aware UTC)."""

    database: Database
    settings: Settings
    now: Callable[[], datetime]

    async def query(self, work: Callable[[Session], Result]) -> Result:
        """`work` in a transaction of its own, in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self._transaction, work)

    def _transaction(self, work: Callable[[Session], Result]) -> Result:
        with self.database.transaction() as session:
            return work(session)
