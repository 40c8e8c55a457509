"""A runner of both servers for the tests to kill: prints one JSON line when ready, then waits."""

import json
import os
import sys
import threading
from pathlib import Path

from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.errors import ServerError
from sandbox.servers.postgres import start_postgres


def main(folder: Path) -> None:
    with ProcessFamily(folder) as family:
        family.stop_on_signals()
        postgres = start_postgres(folder / "postgres", family, durable=False)
        broker = start_broker(folder / "broker", family)
        report = {
            "user": os.geteuid(),
            "postgres": postgres.url,
            "broker": broker.url,
            "pids": [postgres.child.pid, broker.child.pid, family.guard_pid],
        }
        print(json.dumps(report), flush=True)  # noqa: T201  # the test reads it
        threading.Event().wait()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except ServerError as error:
        sys.exit(str(error))
