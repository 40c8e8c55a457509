"""Short-lived deals that come and go in the simulated market, and who has seen which."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from benchmarks.stage import Stage
from domain.quotes import AggregatedPrice

GAME = "csgo"


@dataclass(slots=True)
class Deal:
    """A cheap listing at `buy` cents, gone at `ends` (time.monotonic() seconds); `seen` by sides of these names."""

    title: str
    buy: int
    offer_id: str
    ends: float
    seen: set[str] = field(default_factory=set)


class Deals:
    """Plants `rate` deals a second, each of which lives `life` seconds, until the context ends."""

    def __init__(self, stage: Stage, life: float, rate: float) -> None:
        self._stage, self._life, self._pause = stage, life, 1 / rate
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._alive: dict[str, Deal] = {}
        self._thread = threading.Thread(target=self._keep_planting, name="deals")
        self.gone: list[Deal] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def show(self, side: str, quotes: Mapping[str, AggregatedPrice]) -> None:
        """`side` has read these prices: a deal is seen when its own price is the ask."""
        with self._lock:
            for title in quotes.keys() & self._alive.keys():
                if quotes[title].ask == self._alive[title].buy:
                    self._alive[title].seen.add(side)

    def _keep_planting(self) -> None:
        due = time.monotonic()
        while not self._stop.wait(max(due - time.monotonic(), 0)):
            self._end(time.monotonic())
            planted = self._stage.exchange("flash", {"game": GAME})
            deal = Deal(planted["title"], planted["buyCents"], planted["offerId"], time.monotonic() + self._life)
            with self._lock:
                self._alive[deal.title] = deal
            due += self._pause
        self._end(time.monotonic())

    def _end(self, now: float) -> None:
        """Take what has lived; a deal still alive at the end of everything counts for nobody."""
        for deal in [one for one in self._alive.values() if one.ends <= now]:
            self._stage.exchange("take", {"offerId": deal.offer_id})
            with self._lock:
                self.gone.append(self._alive.pop(deal.title))
