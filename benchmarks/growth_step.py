"""One size measured in a process of its own: `python -m benchmarks.growth_step SCANS FILE`, settings as a worker's.

The database is the one that DATABASE_URL names. Writes the figures to FILE as JSON.
"""

import json
import os
import resource
import sys
from pathlib import Path

from benchmarks.growth_meter import Meter
from benchmarks.growth_operations import Operations
from config.settings import load
from tasks.services import services
from telemetry import logs
from worker import app


def main(scans: int, file: Path) -> None:
    settings = load(os.environ, "worker")
    logs.setup(settings, "growth")
    app.set_current()
    services.configure(settings)
    work = services()
    meter = Meter(work.database.engine)
    operations = Operations(work, meter)
    operations.scans(scans)
    operations.arrange()
    operations.verify()
    operations.reads()
    operations.reap()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file.write_text(json.dumps({"rss_kib": rss, "figures": meter.figures()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
