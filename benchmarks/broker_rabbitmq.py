"""RabbitMQ as Debian packages it, in a folder of its own: no service, nothing outside 127.0.0.1."""

import os
import shutil
import socket
from pathlib import Path

from sandbox.servers.children import ProcessFamily
from sandbox.servers.data_folder import kept_port, tail
from sandbox.servers.errors import ServerError
from sandbox.servers.processes import poll_until

# The script behind the package's wrapper: that one would change to an account of its own.
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START_SECONDS = 60.0
LOOPBACK = "{127,0,0,1}"


def installed() -> bool:
    return PROGRAM.exists() and shutil.which("epmd") is not None


def start(folder: Path, family: ProcessFamily) -> str:
    """Start it with its name server and wait until it takes connections; its URL. ServerError where it does not."""
    folder.mkdir()
    ports = {name: kept_port(folder / name) for name in ("node", "names", "distribution")}
    env = {**os.environ, **_environment(folder, ports)}
    log = folder / "server.log"
    names = ["epmd", "-port", str(ports["names"]), "-address", "127.0.0.1"]
    family.spawn("epmd", names, output=folder / "epmd.log", env=env, cwd=folder)
    child = family.spawn("rabbitmq", [str(PROGRAM)], output=log, env=env, cwd=folder)
    if not poll_until(lambda: not child.running or _takes(ports["node"]), START_SECONDS) or not child.running:
        raise ServerError(f"RabbitMQ did not start in {folder}: {tail(log)}", permanent=False)
    return f"amqp://guest:guest@127.0.0.1:{ports['node']}/%2F"


def _environment(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{ports['node']}\n")
    (folder / "plugins").write_text("[].\n")
    return {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(ports["names"]),
        "RABBITMQ_NODENAME": "bench@localhost",
        "RABBITMQ_DIST_PORT": str(ports["distribution"]),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {LOOPBACK}",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }


def _takes(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
