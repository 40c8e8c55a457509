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
    """Run `python -m module options…`; what its first line of JSON says. Later lines go to `sink`."""
    first: queue.Queue[dict[str, str]] = queue.Queue()

    def read(line: str) -> None:
        if first.empty() and line.startswith("{") and '"url"' in line:
            first.put(json.loads(line))
        else:
            sink(line)

    child = family.spawn(name, [sys.executable, "-m", module, *options], output=read)
    waited = 0.0
    while True:
        try:
            return first.get(timeout=0.1)
        except queue.Empty:
            waited += 0.1
            if not child.running or waited > START_SECONDS:
                raise ServerError(f"{name} did not start: see the lines above") from None
