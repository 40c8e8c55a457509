"""Time and memory at one, ten and a hundred times the titles, the history and the open opportunities."""

import tempfile
from pathlib import Path

from benchmarks.growth_report import report
from benchmarks.growth_seed import Size
from benchmarks.growth_sizes import Ground
from benchmarks.report import Report
from sandbox.servers.broker import start_broker
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import start_postgres

FULL = (Size(1, 28), Size(10, 28), Size(100, 28))  # 0.1, 1 and 10 million rows of history
QUICK = (Size(1, 7), Size(10, 7))
SCANS = {1: 7, 10: 3, 100: 2}  # measured at each factor


def measure(*, quick: bool) -> Report:
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as name, ProcessFamily(Path(name)) as family:
        folder = Path(name)
        broker = start_broker(folder / "broker", family).url
        ground = Ground(folder, start_postgres(folder / "postgres", family, durable=False).url, broker)
        return report([ground.measure(size, SCANS[size.factor]) for size in (QUICK if quick else FULL)])
