"""Clocks that can be stepped: a shim that is compiled here and preloaded into the processes that shall have one."""

import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("skew.c")
NANOSECONDS = 1_000_000_000


def missing() -> str:
    """Why clocks cannot be stepped here, "" where they can."""
    if not sys.platform.startswith("linux"):
        return "clocks can be stepped on Linux only"
    return "" if shutil.which("gcc") else "there is no gcc to compile the clock shim with"


@dataclass(frozen=True, slots=True)
class Clock:
    """One process's clock, shared with it by a file."""

    library: Path
    file: Path

    @property
    def environ(self) -> dict[str, str]:
        """What the process must be started with."""
        return {"LD_PRELOAD": str(self.library), "SKEW_FILE": str(self.file)}

    def step(self, seconds: int) -> None:
        """Put the clock that many seconds before (or behind) the true time; 0 sets it right."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("=q", seconds * NANOSECONDS))


class Clocks:
    """Compiles the shim once into `folder`; subprocess.CalledProcessError where that fails."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self._folder = folder
        self._library = folder / "skew.so"
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(self._library), str(SOURCE), "-ldl"],
            check=True,
        )

    def of(self, name: str) -> Clock:
        file = self._folder / name.replace(" ", "-")
        file.write_bytes(bytes(8))
        return Clock(self._library, file)
