"""When tasks started: one record for each, appended by the consumer to a file that who measures reads."""

import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path

RECORD = struct.Struct("qq")
NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Mark:
    """One start: the machine's monotonic clock and the consumer's processor time by then, in nanoseconds."""

    at: int
    spent: int


class Marker:
    """Appends to the file at `path`; from any thread, each record whole."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __call__(self) -> None:
        """Note that a task starts now."""
        os.write(self._file, RECORD.pack(time.monotonic_ns(), time.process_time_ns()))


def count(path: Path) -> int:
    """How many starts were noted."""
    return path.stat().st_size // RECORD.size if path.exists() else 0


def read(path: Path) -> list[Mark]:
    """All starts, the earliest first."""
    marks = [Mark(*record) for record in RECORD.iter_unpack(path.read_bytes())]
    return sorted(marks, key=lambda mark: mark.at)


def rate(marks: list[Mark]) -> float:
    """Starts a second, from the first to the last of at least two."""
    return (len(marks) - 1) * NANOSECONDS / (marks[-1].at - marks[0].at)


def cost(marks: list[Mark]) -> float:
    """Processor time of the consumer for one of at least two starts, in microseconds."""
    return (marks[-1].spent - marks[0].spent) / (len(marks) - 1) / 1_000


def delays(sent: list[int], marks: list[Mark]) -> list[float]:
    """Milliseconds from each publishing (monotonic nanoseconds) to its start, both in their order.

    ValueError where a message was lost or came twice: then nobody can tell which start belongs to which.
    """
    if len(sent) != len(marks):
        raise ValueError(f"{len(sent)} messages were sent and {len(marks)} tasks started; they must be as many")
    return [(mark.at - at) / 1_000_000 for at, mark in zip(sent, marks, strict=True)]
