"""Sandbox services say where they are in one line of JSON; this starts one and listens for it."""

import json
import queue
import sys
from collections.abc import Sequence

from sandbox.servers.child import LineSink
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError

START_SECONDS = 20.0


def start_announced(
    family: ProcessFamily, name: str, module: str, options: Sequence[str], sink: LineSink
) -> dict[str, str]:
    """Run `python -m module options…`; what its first line of JSON says. All other lines go to `sink`.

    ServerError with what it said where it ends or is silent for too long.
    """
    said: list[str] | None = []  # None once it has announced itself
    first: queue.Queue[dict[str, str]] = queue.Queue()

    def read(line: str) -> None:
        nonlocal said
        if said is None:
            sink(line)
        elif line.startswith("{") and '"url"' in line:
            said = None
            first.put(json.loads(line))
        else:
            said.append(line)
            sink(line)

    child = family.spawn(name, [sys.executable, "-m", module, *options], output=read)
    waited = 0.0
    while True:
        try:
            return first.get(timeout=0.1)
        except queue.Empty:
            waited += 0.1
            if not child.running or waited > START_SECONDS:
                raise ServerError(f"{name} did not start: {last_words(said or ())}") from None


def last_words(said: Sequence[str]) -> str:
    """What a failed program's output comes to: the last line after a traceback or usage, else all in one line."""
    lines = [line.strip() for line in said if line.strip()] or ["it said nothing"]
    long = "Traceback (most recent call last):" in lines or lines[0].startswith("usage: ")
    return lines[-1] if long else " ".join(lines)
