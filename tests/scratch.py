"""Where the tests' servers keep their files: in memory where there is room, as copying a database is all files."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.servers.processes import is_running

MEMORY = Path("/dev/shm")  # noqa: S108  # Linux's folder in memory; what we make in it is private (mode 700)
ROOM = 1 << 30  # bytes that must be free; a run needs about a quarter
PREFIX = "skinbeat-tests-"


@contextmanager
def scratch_folder(memory: Path = MEMORY, room: int = ROOM) -> Iterator[Path]:
    """A private folder, gone at the end; the next run removes that of a run that was killed."""
    usable = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= room
    place = memory if usable else Path(tempfile.gettempdir())
    _remove_abandoned(place)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=place) as folder:
        yield Path(folder)


def _remove_abandoned(place: Path) -> None:
    for folder in place.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)  # another run may be removing it as well
