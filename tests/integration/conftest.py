"""Real servers for the tests: one Postgres and one broker per run, a fresh migrated database per test."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from models.database import Database
from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import PostgresServer, start_postgres
from tests.scratch import scratch_folder

ROOT = Path(__file__).parents[2]
TEMPLATE = "skinbeat_template"
numbers = itertools.count(1)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """Where the servers' files are; removed after the servers ended."""
    with scratch_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def family(scratch: Path) -> Iterator[ProcessFamily]:
    with ProcessFamily(scratch) as family:
        yield family


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` (any spelling) to a revision."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = url.replace("postgresql://", "postgresql+psycopg2://")
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def run_sql(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def with_name(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres(family: ProcessFamily, scratch: Path) -> PostgresServer:
    """A Postgres that holds the migrated template database."""
    server = start_postgres(scratch / "postgres", family, durable=False)
    run_sql(server.url, "ALTER SYSTEM SET max_wal_size = '128MB'")  # each copy logs 8 MB; 1 GB would pile up
    run_sql(server.url, "SELECT pg_reload_conf()")
    run_sql(server.url, f"CREATE DATABASE {TEMPLATE}")
    migrate(with_name(server.url, TEMPLATE))
    return server


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh database with today's schema, gone after the test."""
    name = f"test_{next(numbers)}"
    run_sql(postgres.url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield with_name(postgres.url, name)
    run_sql(postgres.url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url.replace("postgresql://", "postgresql+psycopg2://"))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def broker_url(family: ProcessFamily, scratch: Path) -> str:
    return start_broker(scratch / "broker", family).url


@pytest.fixture
def redis_url(broker_url: str) -> Iterator[str]:
    """The broker, empty before and after the test."""
    client = redis.Redis.from_url(broker_url)
    client.flushall()
    yield broker_url
    client.flushall()
    client.close()


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        yield client
