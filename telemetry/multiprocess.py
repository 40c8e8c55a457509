"""The metrics of a worker that forks its pool: each process counts in a file, and what is told is the sum.

Prometheus' own client keeps the files of ended children for ever, as totals must not fall. Here they are added to
one file of the dead, so that a pool that renews its children does not fill the folder.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from telemetry.readings import readings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "skinbeat-metrics-"
DEAD = "dead"  # takes the place of a process id in the name of a file


class Files:
    """The folder of this process and its children; made before the first metric is, removed when it ends."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._owner = 0
        self._lock = Lock()

    def begin(self) -> None:
        """Count in files from now on; metrics that exist already go on counting for themselves."""
        place = Path(tempfile.gettempdir())
        _remove_abandoned(place)
        self._owner = os.getpid()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{self._owner}-", dir=place))  # private: mode 700
        os.environ[VARIABLE] = str(self.folder)
        # The variable is looked at when the client is imported, and Celery's plug-ins may have done that.
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # the client has no types here
        atexit.register(self.end)

    def end(self) -> None:
        """Remove the folder; a child that runs its parent's exit handlers leaves it alone."""
        if self.folder and os.getpid() == self._owner:
            shutil.rmtree(self.folder, ignore_errors=True)

    def told(self) -> bytes:
        """What /metrics answers: of this process alone, or of all that count in the folder."""
        if self.folder is None:
            return generate_latest()
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        readings.register(registry)
        with self._lock:
            self._bury(self.folder)
            MultiProcessCollector(registry, str(self.folder))  # type: ignore[no-untyped-call]  # the client has no types here
            return generate_latest(registry)

    def _bury(self, folder: Path) -> None:
        """Add the totals of processes that ended to those of the dead; what they saw last means nothing any more."""
        for path in sorted(folder.glob("*.db")):
            kind, _, process = path.stem.rpartition("_")
            if process == DEAD or _runs(int(process)):
                continue
            if not kind.startswith("gauge"):
                _add(path, folder / f"{kind}_{DEAD}.db")
            path.unlink()


def _add(path: Path, total: Path) -> None:
    files: Any = MmapedDict  # the client has no types here
    totals = files(str(total))
    try:
        for key, value, *_ in files.read_all_values_from_file(str(path)):
            totals.write_value(key, totals.read_value(key)[0] + value, 0)
    finally:
        totals.close()


def _remove_abandoned(place: Path) -> None:
    """What processes left that were killed."""
    for folder in place.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)  # it may be another user's, or just be removed by another worker


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so it runs
        return True
    return True


files = Files()
