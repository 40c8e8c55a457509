"""Skinbeat on several hosts: everything on the hub but the workers, one of them on each host."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial

import requests

from sandbox.runner.stack import Stack
from tests.acceptance.market import Market
from tests.hosts.network import Host

LIMITS = {"market-items": 10, "last-sales": 6, "other": 20, "fees": 110}  # calls a second of one account
THREADS = 4  # of each worker
SPAN = 0.9  # a second, less what an exchange may be late that shares two cores with all of this
UNFINISHED = "SELECT count(*) FROM scan_runs WHERE state = 'done' AND prices_observed <> titles"


@dataclass(slots=True)
class Cluster:
    """The market on the hub, and the hosts that have a worker each."""

    market: Market
    hosts: dict[str, Host]

    @property
    def stack(self) -> Stack:
        return self.market.stack

    def start(self) -> None:
        for process in ("beat", "bot"):
            self.market.spawn(process)
        for host in self.hosts.values():
            host.run(partial(self.market.spawn, "worker", worker_on(host)))
        self.market.say("/start")

    def readiness(self, host: Host) -> tuple[int, dict[str, str]]:
        """Status and checks of a worker's /ready, asked on its own host; status 0 where nothing answers."""
        url = f"http://127.0.0.1:{self.stack.ports.of['worker']}/ready"
        return host.run(partial(_read, url))

    def newest(self) -> int:
        """The running number that the exchange's next call gets."""
        return int(self.market.exchange("requests?since=1000000000")["next"])

    def callers(self, since: int = 0) -> Counter[str]:
        """How many calls each address made at the exchange from running number `since` on."""
        return Counter(row["peer"] for row in self.market.exchange(f"requests?since={since}")["requests"])

    def refused(self) -> dict[str, int]:
        """How many 429s each limit group got."""
        (flows,) = self.market.exchange("traffic").values()
        return {group: flow["rejected"] for group, flow in flows.items() if flow["rejected"]}

    def overruns(self) -> dict[str, float]:
        """Limit groups that saw one call more than a second allows within less than SPAN, with that time."""
        times: dict[str, list[float]] = defaultdict(list)
        for row in self.market.exchange("requests?since=0")["requests"]:
            times[row["group"]].append(row["time"])
        spans = {group: _shortest_span(sorted(found), LIMITS[group] + 1) for group, found in times.items()}
        return {group: span for group, span in spans.items() if span < SPAN}

    def end_workers(self) -> None:
        """At once: an orderly end would wait for their calls, one worker after the other."""
        for host in self.hosts.values():
            self.market.processes[worker_on(host)].kill()

    def log(self, host: Host) -> str:
        return (self.stack.logs.folder / f"{worker_on(host)}.log").read_text(encoding="utf-8")


def worker_on(host: Host) -> str:
    return f"worker-{host.name}"


def _shortest_span(times: list[float], count: int) -> float:
    """The least time in which `count` calls came; infinite where there were fewer."""
    return min((last - first for first, last in zip(times, times[count - 1 :], strict=False)), default=math.inf)


def _read(url: str) -> tuple[int, dict[str, str]]:
    try:
        answer = requests.get(url, timeout=10)
    except requests.ConnectionError:
        return 0, {}
    return answer.status_code, answer.json()
