"""How much memory processes hold, as Linux tells it."""

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
MEGABYTE = 1024 * 1024
MEMORY = {"Rss:": "rss", "Pss:": "pss"}


@dataclass(frozen=True, slots=True)
class Held:
    """In megabytes: `rss` with what is shared, `pss` with the process's share of that."""

    rss: float
    pss: float


def held(pid: int) -> Held:
    """What a process holds now; OSError once it has ended."""
    kilobytes = {}
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(" ")
        if name in MEMORY:
            kilobytes[MEMORY[name]] = int(rest.split()[0])
    return Held(*(kilobytes[name] * 1024 / MEGABYTE for name in ("rss", "pss")))


def children(pid: int) -> list[int]:
    """The processes that a process forked, oldest first."""
    return [int(word) for word in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]


def available() -> bool:
    return (PROC / "self" / "smaps_rollup").exists()
