"""What tasks work with: made once per process from the settings, after a fork."""

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.keys import not_a_pair
from config.settings import Settings, SettingsError
from dmarket.budget import connect
from dmarket.client import Exchange
from dmarket.connections import Connections
from dmarket.fleet import Fleet
from dmarket.signing import Credentials
from domain.opportunities import Limits
from models.database import Database
from tasks.conditions import WatchedExchange
from tasks.lanes import Lanes
from tasks.ring_file import RingFile
from tasks.roster import Roster, Seats
from telemetry.pools import watch_pool

THREADS_A_LANE = 4  # offers, read 10 times a second, and sales must not keep all threads from the prices
READS_BESIDE = 2  # of one verification's three reads: its own thread makes the third


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    exchange: Exchange
    limits: Limits
    readers: Executor  # what one verification reads, it reads at once
    lanes: Lanes  # of verifications

    def now(self) -> datetime:
        """The one clock of the tasks."""
        return datetime.now(UTC)

    @property
    def sales_since(self) -> datetime:
        """Sales read before this moment count as unknown."""
        return self.now() - timedelta(seconds=self.settings.sales_max_age)


def credentials_of(settings: Settings) -> list[Credentials]:
    """The keys of each exchange account; SettingsError with a sentence for each pair that is none."""
    pairs = settings.key_pairs()
    found, problems = [], []
    for position, (public, secret) in enumerate(pairs):
        try:
            found.append(Credentials(public, secret.get_secret_value()))
        except ValueError:  # its keys have the right form, so it can only be this
            problems.append(not_a_pair(position, len(pairs)))
    if problems:
        raise SettingsError(problems)
    return found


def seats_of(settings: Settings) -> Seats:
    """Makes callers of accounts, over connections of their own. Opens none yet."""
    return Seats(connect(settings.redis_url), Connections(settings.dmarket_api_url))


def roster_of(settings: Settings, database: Database) -> Roster:
    """The accounts of the settings, in their order, then those of the database."""
    ring = RingFile(os.environ.get("ENCRYPTION_KEYS_FILE", ""), settings.ring())
    return Roster(seats_of(settings), database, ring, credentials_of(settings))


def build(settings: Settings) -> Services:
    """Services over all accounts; fees are those of the first one. Opens no connection yet."""
    database = Database(settings.database_url, pool_size=settings.worker_concurrency + 2, name="skinbeat worker")
    watch_pool(database.engine, "worker", database.most)
    roster = roster_of(settings, database)
    return Services(
        settings=settings,
        database=database,
        exchange=WatchedExchange(Fleet(lambda: roster()[:1]), Fleet(roster)),
        limits=Limits(sales_age=timedelta(seconds=2 * settings.sales_max_age)),
        lanes=Lanes(max(1, settings.worker_concurrency // THREADS_A_LANE)),
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
