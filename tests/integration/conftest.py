"""Real servers for the tests: one Postgres and one broker per run, a fresh migrated database per test."""

from collections.abc import Iterator
from functools import partial
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
from tests.integration.databases import Spares

ROOT = Path(__file__).parents[2]
TEMPLATE = "skinbeat_template"


@pytest.fixture(scope="session")
def family(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessFamily]:
    with ProcessFamily(tmp_path_factory.mktemp("servers")) as family:
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
def postgres(family: ProcessFamily, tmp_path_factory: pytest.TempPathFactory) -> PostgresServer:
    """A Postgres that holds the migrated template database."""
    server = start_postgres(tmp_path_factory.mktemp("postgres"), family, durable=False)
    run_sql(server.url, f"CREATE DATABASE {TEMPLATE}")
    migrate(with_name(server.url, TEMPLATE))
    return server


@pytest.fixture(scope="session")
def spares(postgres: PostgresServer) -> Iterator[Spares]:
    made = Spares(partial(run_sql, postgres.url), TEMPLATE)
    yield made
    made.close()


@pytest.fixture
def database_url(postgres: PostgresServer, spares: Spares) -> Iterator[str]:
    """A fresh database with today's schema, gone after the test."""
    name = spares.take()
    yield with_name(postgres.url, name)
    spares.give_back(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url.replace("postgresql://", "postgresql+psycopg2://"))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def broker_url(family: ProcessFamily, tmp_path_factory: pytest.TempPathFactory) -> str:
    return start_broker(tmp_path_factory.mktemp("broker"), family).url


@pytest.fixture
def redis_url(broker_url: str) -> Iterator[str]:
    """The broker, empty before and after the test."""
    client = redis.Redis.from_url(broker_url)
    client.flushall()
    yield broker_url
    client.flushall()
    client.close()
