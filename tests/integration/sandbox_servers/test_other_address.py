"""Servers for several hosts listen on the address they are told, and there alone."""

import socket
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import start_postgres

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8 without set-up")

OTHER = "127.0.0.2"


def refuses(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except ConnectionRefusedError:
        return True
    return False


def test_postgres_lets_neighbours_in_with_its_password(tmp_path: Path, family: ProcessFamily) -> None:
    """Also after a restart on the same folder; a wrong password is refused from there as well."""
    for _ in range(2):
        server = start_postgres(tmp_path / "pg", family, durable=False, host=OTHER)
        psycopg2.connect(server.url).close()
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(server.url.replace("postgres:", "postgres:not"))
        server.stop()
    hba = (tmp_path / "pg/cluster/pg_hba.conf").read_text()

    assert f"@{OTHER}:" in server.url
    assert hba.count("\nhost all all samenet scram-sha-256\n") == 1


def test_the_broker_answers_at_its_address_only(tmp_path: Path, family: ProcessFamily) -> None:
    """Nothing listens on the loopback address that it has without being told."""
    server = start_broker(tmp_path / "broker", family, host=OTHER)
    with redis.Redis.from_url(server.url) as client:
        answered = client.ping()

    assert answered
    assert refuses("127.0.0.1", server.port)
