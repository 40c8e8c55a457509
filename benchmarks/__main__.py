"""`python -m benchmarks NAME… [--quick]`: measure, print, write JSON; exit 1 where a bar was missed."""

import argparse
import importlib
import sys
from collections.abc import Sequence

NAMES = (
    "budget",
    "sweep",
    "ingest",
    "latency",
    "growth",
    "broker",
    "memory",
    "cadence",
    "recovery",
    "matching",
    "pictures",
    "lookups",
    "delivery",
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures Skinbeat against its limits.")
    parser.add_argument("names", nargs="+", choices=[*NAMES, "all"], metavar="NAME", help=f"all, {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="under a minute each, with looser bars")
    given = parser.parse_args(arguments)
    missed = [name for name in _chosen(given.names) if not _run(name, quick=given.quick)]
    if missed:
        print(f"bars missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


def _chosen(names: Sequence[str]) -> list[str]:
    return list(NAMES) if "all" in names else list(dict.fromkeys(names))


def _run(name: str, *, quick: bool) -> bool:
    # one module a benchmark, read only when it is asked for: some need packages of their own
    report = importlib.import_module(f"benchmarks.{name}").measure(quick=quick)
    print(report.text(quick=quick), flush=True)
    print(f"written to {report.save(quick=quick)}\n", flush=True)
    return bool(report.held(quick=quick))


if __name__ == "__main__":
    sys.exit(main())
