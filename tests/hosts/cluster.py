"""Skinbeat on several hosts: everything on the hub but the workers, one of them on each host."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import requests

from models.queries.batches import BATCH_LEASE
from sandbox.runner.stack import Stack
from tests.acceptance.market import Market, eventually
from tests.hosts.network import Host

LIMITS = {"market-items": 10, "last-sales": 6, "other": 20, "fees": 110}  # calls a second of one account
NO_CALL_TAKES = timedelta(seconds=5)
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


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of one run by id: those in hand (with the end of their lease), untouched, done at a later try."""

    in_hand: dict[int, datetime]
    waiting: set[int]
    done_later: set[int]


def batches_of(cluster: Cluster, run: int) -> Batches:
    rows = [row for row in cluster.market.rows("SELECT * FROM scan_batches") if row["run_id"] == run]
    return Batches(
        in_hand={row["id"]: row["lease_until"] for row in rows if row["state"] == "leased"},
        waiting={row["id"] for row in rows if row["state"] == "planned"},
        done_later={row["id"] for row in rows if row["state"] == "done" and row["attempts"] > 1},
    )


def cut_in_the_middle(cluster: Cluster, host: Host, *, silently: bool) -> tuple[int, set[int]]:
    """Cut a host off while it has batches of a scan in hand; the run and those batches, which nobody works on now.

    What is left when the others have done what they can was the lost host's; where that is nothing, again.
    """
    while True:
        run = _run_under_way(cluster)
        host.silence() if silently else host.unplug()
        eventually("the others did what they can", partial(_others_are_through, cluster, run))
        held = set(batches_of(cluster, run).in_hand)
        if held:
            return run, held
        host.bring_back()


def _others_are_through(cluster: Cluster, run: int) -> bool:
    """No batch waits, and none was leased in the last seconds."""
    found = batches_of(cluster, run)
    fresh = datetime.now(UTC) + BATCH_LEASE - NO_CALL_TAKES
    return not found.waiting and all(until <= fresh for until in found.in_hand.values())


def _run_under_way(cluster: Cluster) -> int:
    halfway = (
        "SELECT max(id) FROM scan_runs WHERE state = 'running' AND batches_left BETWEEN batches / 4 AND batches - 2"
    )
    return eventually("a scan is under way", lambda: cluster.market.count(halfway), 60)
