from collections.abc import Iterator

import pytest

from sandbox.servers.postgres import PostgresServer
from tests.integration.conftest import run_sql, with_name


@pytest.fixture
def bare_url(postgres: PostgresServer) -> Iterator[str]:
    """A database without any table."""
    run_sql(postgres.url, "CREATE DATABASE bare")
    yield with_name(postgres.url, "bare")
    run_sql(postgres.url, "DROP DATABASE bare WITH (FORCE)")
