"""One look at how fast this installation works, from database, broker and rate budget together."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import click
from celery import Celery

from config.keys import keys_in
from config.settings import Settings
from dmarket.budget import OFFICIAL, Budget, connect
from dmarket.errors import BudgetUnavailable
from dmarket.signing import account_of
from models.database import Database
from models.queries import accounts, pace, report
from models.queries.pace import Delivered, Priced
from worker.admin.shell import sentences
from worker.observing import Values, of_broker, of_database

Found = TypeVar("Found")
GATES_OF = timedelta(minutes=1)
DELIVERY_OF = timedelta(minutes=5)
NO_REDIS = "the rate budget is not shown: set REDIS_URL as for the workers"


@dataclass(frozen=True, slots=True)
class Permits:
    """Calls of the last second in one limit group, and how many all accounts together may make."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at a moment; a part that did not answer is empty and has its sentence in `problems`.

    `speeds` are titles priced a second by game since the look before, empty at the first one. `gates` counts titles
    whose last verdict is of the last minute, `delivered` is about the last five.
    """

    at: datetime
    values: Values
    speeds: Mapping[str, float]
    gates: Mapping[str, int]
    delivered: Delivered | None
    permits: Mapping[str, Permits]
    problems: tuple[str, ...]


@dataclass(slots=True)
class Watcher:
    """Looks again and again; it writes nothing and takes no permit."""

    settings: Settings
    database: Database
    app: Celery
    before: Priced | None = None
    keys: tuple[str, ...] = ()  # public keys of the accounts that were last seen
    problems: list[str] = field(default_factory=list)

    def look(self, now: datetime) -> Look:
        """Everything that answers; a part that fails takes no other with it."""
        self.problems = []
        values = self._try(lambda: self._tables(now)) or {}
        told = self._try(lambda: self._rows(now)) if values else None
        speeds, gates, delivered = told or ({}, {}, None)
        values |= self._try(lambda: of_broker(self.app, now)) or {}
        permits = self._try(self._permits) or {}
        return Look(now, values, speeds, gates, delivered, permits, tuple(self.problems))

    def _try(self, read: Callable[[], Found]) -> Found | None:
        try:
            with sentences():
                return read()
        except click.ClickException as failure:
            self.problems.append(failure.message)
        except BudgetUnavailable as failure:
            self.problems.append(failure.detail)
        return None

    def _tables(self, now: datetime) -> Values:
        with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return of_database(connection, self.settings, now)

    def _rows(self, now: datetime) -> tuple[Mapping[str, float], Mapping[str, int], Delivered]:
        with self.database.transaction() as session:
            priced = pace.priced(session, now)
            gates = report.verdicts(session, now - GATES_OF, now)
            delivered = pace.delivered(session, now - DELIVERY_OF)
            self.keys = tuple(row.public_key for row in accounts.in_use(session))
        before, self.before = self.before, priced
        return _speeds(before, priced), gates, delivered

    def _permits(self) -> Mapping[str, Permits]:
        if not self.settings.redis_url:
            self.problems.append(NO_REDIS)
            return {}
        with connect(self.settings.redis_url) as client:
            used = [Budget(client, account).used() for account in self._accounts()]
        return {
            group.value: Permits(sum(one[group] for one in used), limit * len(used))
            for group, limit in OFFICIAL.items()
        }

    def _accounts(self) -> Iterator[str]:
        """By the names that they have in Redis, those of the settings and those of the database, each once."""
        given = keys_in(self.settings.dmarket_public_key)
        yield from dict.fromkeys(account_of(public) for public in (*given, *self.keys))


def _speeds(before: Priced | None, now: Priced) -> Mapping[str, float]:
    if before is None:
        return {}
    seconds = (now.at - before.at).total_seconds()
    return {game: titles / seconds for game, titles in now.since(before).items()}
