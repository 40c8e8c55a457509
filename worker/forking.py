"""A worker that forks its pool counts in files: decided before anything makes a metric, so from its words alone."""

import sys
from collections.abc import Sequence
from itertools import pairwise

from telemetry.multiprocess import files

POOL = "processes"  # Celery takes its other name, prefork, for "not given" where another pool is configured


def forks(arguments: Sequence[str]) -> bool:
    """Whether a `celery …` command line starts a worker with a pool of processes."""
    asked = any(
        word in {f"--pool={POOL}", f"-P{POOL}"} or (word in {"--pool", "-P"} and after == POOL)
        for word, after in pairwise((*arguments, ""))
    )
    named = {word for before, word in pairwise(("", *arguments)) if before not in {"-A", "--app"}}
    return asked and "worker" in named


if forks(sys.argv[1:]):
    files.begin()
