"""What tasks work with: made once per process from the settings, after a fork."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from config.settings import Settings
from dmarket.budget import Budget, connect
from dmarket.client import Exchange
from dmarket.connections import Connections
from dmarket.signing import Credentials
from dmarket.transport import Transport
from domain.opportunities import Limits
from models.database import Database

READS_BESIDE = 2  # of one verification's three reads: its own thread makes the third


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    exchange: Exchange
    limits: Limits
    readers: Executor  # what one verification reads, it reads at once

    def now(self) -> datetime:
        """The one clock of the tasks."""
        return datetime.now(UTC)

    @property
    def sales_since(self) -> datetime:
        """Sales read before this moment count as unknown."""
        return self.now() - timedelta(seconds=self.settings.sales_max_age)


def credentials_of(settings: Settings) -> Credentials:
    """The exchange account's keys; ValueError with one sentence where they do not belong together."""
    return Credentials(settings.dmarket_public_key, settings.dmarket_secret_key.get_secret_value())


def build(settings: Settings) -> Services:
    """Services of one account. Opens no connection yet."""
    credentials = credentials_of(settings)
    budget = Budget(connect(settings.redis_url), credentials.account)
    transport = Transport(Connections(settings.dmarket_api_url), credentials, budget, version=version("skinbeat"))
    return Services(
        settings=settings,
        database=Database(settings.database_url, pool_size=settings.worker_concurrency + 2, name="skinbeat worker"),
        exchange=Exchange(transport),
        limits=Limits(sales_age=timedelta(seconds=2 * settings.sales_max_age)),
        readers=ThreadPoolExecutor(READS_BESIDE * settings.worker_concurrency, thread_name_prefix="reader"),
    )


class ServiceSource:
    """Holds the settings until a task asks, and one set of services for each process id."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._built: dict[int, Services] = {}

    def configure(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self) -> Services:
        if self._settings is None:
            raise RuntimeError("the services are used before the worker configured them")
        pid = os.getpid()
        if pid not in self._built:
            self._built = {pid: build(self._settings)}
        return self._built[pid]


services = ServiceSource()
