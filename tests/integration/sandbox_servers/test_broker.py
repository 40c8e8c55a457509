import signal
import socket
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError
from sandbox.servers.former import await_former_server
from sandbox.servers.processes import command_line

ONCE = Retry(NoBackoff(), 0)


def test_broker_keeps_every_message(family: ProcessFamily, tmp_path: Path) -> None:
    """It evicts nothing, appends every write to its file and takes no snapshots."""
    server = start_broker(tmp_path / "broker", family)

    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        settings = client.config_get("maxmemory-policy", "appendonly", "save", "bind")

    assert settings == {
        "maxmemory-policy": "noeviction",
        "appendonly": "yes",
        "save": "",
        "bind": "127.0.0.1",
    }


def test_broker_asks_for_its_password(family: ProcessFamily, tmp_path: Path) -> None:
    """Without it nothing is answered, and it shows neither in the process list nor to other users."""
    server = start_broker(tmp_path / "broker", family)
    password = (tmp_path / "broker" / "password").read_text()

    with redis.Redis(port=server.port, retry=ONCE) as client, pytest.raises(redis.AuthenticationError):
        client.ping()

    assert server.url == f"redis://:{password}@127.0.0.1:{server.port}/0"
    assert password not in command_line(server.child.pid)
    assert (tmp_path / "broker" / "broker.conf").stat().st_mode & 0o777 == 0o600


def test_warm_start_keeps_data_password_and_port(tmp_path: Path) -> None:
    """A second start on the folder is the same broker again."""
    with ProcessFamily(tmp_path) as family:
        first = start_broker(tmp_path / "broker", family)
        with redis.Redis.from_url(first.url) as client:
            client.rpush("prices", "a", "b")

    with ProcessFamily(tmp_path) as family:
        second = start_broker(tmp_path / "broker", family)
        with redis.Redis.from_url(second.url) as client:
            kept = client.lrange("prices", 0, -1)

    assert kept == [b"a", b"b"]
    assert second.url == first.url
    assert first.child.exit_code == 0


def test_taken_port_is_given_up(tmp_path: Path) -> None:
    """When somebody else listens on the kept port, another one is chosen and kept."""
    with ProcessFamily(tmp_path) as family:
        first = start_broker(tmp_path / "broker", family)

    with socket.create_server(("127.0.0.1", first.port)), ProcessFamily(tmp_path) as family:
        second = start_broker(tmp_path / "broker", family)

    assert second.port != first.port


def test_killed_broker_is_started_again(family: ProcessFamily, tmp_path: Path) -> None:
    """After kill -9 of the broker its stale pid file does not hinder the next start."""
    first = start_broker(tmp_path / "broker", family)

    first.child.kill()
    second = start_broker(tmp_path / "broker", family)

    assert first.child.exit_code == -signal.SIGKILL
    with redis.Redis.from_url(second.url) as client:
        assert client.ping()


def test_second_broker_on_the_same_data_is_refused(family: ProcessFamily, tmp_path: Path) -> None:
    """Two brokers on one append-only file would destroy it; the running one is named."""
    server = start_broker(tmp_path / "broker", family)
    folder = tmp_path / "broker"

    with pytest.raises(ServerError, match=f"process {server.child.pid}. still runs"):
        await_former_server(folder / "broker.pid", str(folder / "broker.conf"), 0.1)

    assert server.child.running


def test_failed_start_tells_the_reason_from_the_log(family: ProcessFamily, tmp_path: Path) -> None:
    """A damaged append-only file shows up in the sentence."""
    damaged = tmp_path / "broker" / "appendonlydir"
    damaged.mkdir(parents=True)
    (damaged / "appendonly.aof.manifest").write_text("nonsense\n")

    with pytest.raises(ServerError, match=r"The broker did not start on .*manifest"):
        start_broker(tmp_path / "broker", family)
