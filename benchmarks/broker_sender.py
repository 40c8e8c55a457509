"""The sending side of one contender, a process of its own; prints what it measured as JSON.

`python -m benchmarks.broker_sender MODULE backlog COUNT` sends at once and tells how long that took.
`… paced COUNT` sends one at a time and tells when. `… rings COUNT` compares sending many singly and together.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from types import ModuleType
from typing import Any

PACE = 0.05  # seconds: one account's 20 calls a second are 20 messages a second
BURST = 345  # batches of a scan of the largest catalogue


def backlog(module: ModuleType, times: int) -> float:
    """Seconds for all of them, after one that opened the connection."""
    module.send(1)
    began = time.perf_counter()
    module.send(times - 1)
    return time.perf_counter() - began


def paced(module: ModuleType, times: int) -> list[int]:
    """When each began to be sent: monotonic nanoseconds."""
    module.send(1)  # opens the connection
    sent: list[int] = []
    for _ in range(times):
        time.sleep(PACE)  # the distance of the messages is what is measured
        sent.append(time.monotonic_ns())
        module.send(1)
    return sent


def rings(module: ModuleType, times: int) -> dict[str, float]:
    """Milliseconds for the messages of one scan, sent one by one and handed over together: each the median."""
    module.send(1)  # opens the connection
    return {
        "single": median(_took(lambda: [module.send(1) for _ in range(BURST)]) for _ in range(times)),
        "together": median(_took(lambda: module.send(BURST)) for _ in range(times)),
    }


def _took(send: Callable[[], object]) -> float:
    began = time.perf_counter()
    send()
    return (time.perf_counter() - began) * 1_000


WAYS: dict[str, Callable[[ModuleType, int], Any]] = {"backlog": backlog, "paced": paced, "rings": rings}

if __name__ == "__main__":
    name, way, times = sys.argv[1:]
    print(json.dumps(WAYS[way](importlib.import_module(name), int(times))))
