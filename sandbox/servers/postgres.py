import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from sandbox.servers.child import Child
from sandbox.servers.children import ProcessFamily
from sandbox.servers.data_folder import kept_password, kept_port, tail
from sandbox.servers.errors import ServerError
from sandbox.servers.former import await_former_server
from sandbox.servers.postgres_account import PostgresAccount, account_for
from sandbox.servers.postgres_binaries import find_binaries
from sandbox.servers.processes import poll_until

DATABASE = "skinbeat"
START_SECONDS = 30.0
INITDB_SECONDS = 60.0
# English messages whatever the machine's language; macOS refuses to start with an unset locale.
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
LOOPBACK = "127.0.0.1"
NEIGHBOURS = "host all all samenet scram-sha-256\n"  # initdb admits this machine only; samenet: our own subnets
SETTINGS = {
    # No socket file: its path in a deep data folder would exceed the 107 bytes that the system allows.
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class _Access:
    host: str
    port: int
    password: str

    def url(self, database: str) -> str:
        return f"postgresql://postgres:{self.password}@{self.host}:{self.port}/{database}"


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL with the database `skinbeat`."""

    url: str
    port: int
    child: Child

    def stop(self) -> None:
        """End it by a fast shutdown: open transactions are rolled back, everything is on disk."""
        self.child.stop()


def start_postgres(
    folder: Path, family: ProcessFamily, *, durable: bool = True, host: str = LOOPBACK
) -> PostgresServer:
    """Start PostgreSQL on `folder` (created on first use) and wait until it answers.

    Cluster, password (mode 600), port and log live in `folder`; the port is reused while it is free.
    `durable=False` switches fsync off: faster, but a crash of the machine may destroy the data; kill -9 of
    the server loses no commit. `host` is the address to listen on; on another than 127.0.0.1 all machines in the
    subnets of this one may log in.
    ServerError if it cannot be started, with the reason from its log.
    """
    folder = folder.resolve()
    # 711: another account may pass through to the cluster, which is 700; it sees nothing else.
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    cluster = folder / "cluster"
    binaries = find_binaries(_written_by(cluster))
    account = account_for(folder, binaries)
    password = kept_password(folder / "password")
    if not cluster.exists():
        _create_cluster(family, binaries, account, folder)
    if host != LOOPBACK:
        _admit_neighbours(cluster / "pg_hba.conf")
    account.own(cluster)
    await_former_server(cluster / "postmaster.pid", str(cluster))
    access = _Access(host, kept_port(folder / "port"), password)
    child = family.spawn(
        "postgres",
        [*account.prefix, str(binaries / "postgres"), "-D", str(cluster), *_options(access, durable=durable)],
        output=folder / "server.log",
        env=ENVIRONMENT,
        cwd=folder,
        stop_signal=signal.SIGINT,
        account=account.ids,
    )
    _await_answer(child, access, folder / "server.log")
    _create_database(access)
    return PostgresServer(access.url(DATABASE), access.port, child)


def _written_by(cluster: Path) -> int | None:
    version = cluster / "PG_VERSION"
    return int(version.read_text().split(".")[0]) if version.exists() else None


def _options(access: _Access, *, durable: bool) -> list[str]:
    where = {"listen_addresses": access.host, "port": str(access.port)}
    settings = where | SETTINGS if durable else where | SETTINGS | UNSAFE_SETTINGS
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _admit_neighbours(hba: Path) -> None:
    rules = hba.read_text()
    if NEIGHBOURS not in rules:
        hba.write_text(rules + NEIGHBOURS)


def _create_cluster(family: ProcessFamily, binaries: Path, account: PostgresAccount, folder: Path) -> None:
    # Made under another name: what a killed runner leaves half-made is never taken for a cluster.
    unfinished = folder / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.own(unfinished)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix="initial-") as password_file:
        password_file.write((folder / "password").read_text())
        password_file.flush()
        account.own(Path(password_file.name))
        command = [*account.prefix, str(binaries / "initdb"), "-D", str(unfinished), "-U", "postgres"]
        command += ["-A", "scram-sha-256", "--pwfile", password_file.name]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        log = folder / "initdb.log"
        child = family.spawn("initdb", command, output=log, env=ENVIRONMENT, cwd=folder, account=account.ids)
        if child.wait(INITDB_SECONDS) != 0:
            raise ServerError(f"initdb could not create a cluster in {folder}: {tail(log)}", permanent=False)
    unfinished.rename(folder / "cluster")


def _await_answer(child: Child, access: _Access, log: Path) -> None:
    def settled() -> bool:
        return not child.running or _answers(access)

    if not poll_until(settled, START_SECONDS) or not child.running:
        child.kill()
        raise ServerError(f"PostgreSQL did not start on {log.parent}: {tail(log)}", permanent=False)


def _answers(access: _Access) -> bool:
    try:
        psycopg2.connect(access.url("postgres"), connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _create_database(access: _Access) -> None:
    connection = psycopg2.connect(access.url("postgres"))
    # CREATE DATABASE is refused inside a transaction.
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()
