"""Somebody who offers things too cheaply, buys them away and changes prices all the time, and keeps a journal."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import psycopg2
import requests

from tests.faults.evidence import Life
from tests.faults.plan import Seconds
from tests.faults.system import System

EVERY: Seconds = 1.2
MOST_ALIVE = 24  # more would keep verification busy with confirming them
SALES_AGE: Seconds = 60.0  # SALES_MAX_AGE: sales that were read before a deal hide it so long
LEVELS = ("boost", "standard", "medium", "advanced", "pro")
FACTORS = (80, 90, 99, 102)  # new price in percent of the old: two are news, two are not
HIDING = """
    SELECT 1 FROM sales_references s JOIN items i ON i.id = s.item_id
    WHERE i.title = %s AND s.observed_at < to_timestamp(%s)
"""


@dataclass(slots=True)
class Dealer:
    """`lives` is the journal; the market's own deals stand in it from the beginning."""

    whole: System
    rng: Random
    lives: list[Life] = field(default_factory=list)
    failure: BaseException | None = None
    _alive: dict[str, Life] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        now = time.time()
        for row in self._truth():
            self._born(Life(row["title"], row["offerId"], row["buyCents"], now))
        self._thread = threading.Thread(target=self._deal, name="dealer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deal no more; raises what broke the dealer off."""
        self._stopped.set()
        if self._thread:
            self._thread.join()
        if self.failure:
            raise self.failure

    def journal(self) -> Sequence[Life]:
        return [*self.lives, *self._alive.values()]

    def alive(self) -> Sequence[Life]:
        return list(self._alive.values())

    def _deal(self) -> None:
        try:
            while not self._stopped.wait(EVERY):
                self._step()
        except (requests.RequestException, LookupError) as error:
            self.failure = error

    def _step(self) -> None:
        act = self.rng.choice((self._plant, self._plant, self._take, self._reprice))
        if len(self._alive) >= MOST_ALIVE:
            act = self._take
        if not self._alive:
            act = self._plant
        act()

    def _plant(self) -> None:
        wanted = {
            "game": self.rng.choice(("csgo", "rust")),
            "kind": self.rng.choice(("instant", "patient")),
            "level": self.rng.choice(LEVELS),
        }
        row = self.whole.exchange("plant", wanted)
        now = time.time()
        hidden = now + SALES_AGE if self._hidden(row["title"], now) else 0.0
        self._born(Life(row["title"], row["offerId"], row["buyCents"], now, hidden_until=hidden))

    def _take(self) -> None:
        life = self._chosen()
        began = time.time()
        self.whole.exchange("take", {"offerId": life.offer_id})
        self._died(life, began)

    def _reprice(self) -> None:
        life = self._chosen()
        price = life.buy * self.rng.choice(FACTORS) // 100
        began = time.time()
        said = self.whole.exchange("reprice", {"offerId": life.offer_id, "priceCents": price})
        self._died(life, began)
        row = next((one for one in self._truth() if one["offerId"] == said["offerId"]), None)
        if row is not None:  # else it does not pay any more
            former = (*life.former, life.buy)
            self._born(replace(life, offer_id=said["offerId"], buy=price, since=time.time(), former=former))

    def _chosen(self) -> Life:
        return self._alive[self.rng.choice(sorted(self._alive))]

    def _born(self, life: Life) -> None:
        self._alive[life.offer_id] = life

    def _died(self, life: Life, at: Seconds) -> None:
        self.lives.append(replace(life, until=at))
        del self._alive[life.offer_id]

    def _truth(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.whole.exchange("truth")["opportunities"]
        return rows

    def _hidden(self, title: str, now: Seconds) -> bool:
        """Whether the title's sales may have been read before it was planted in; yes where nobody can tell."""
        try:
            return bool(self.whole.rows(HIDING, (title, now)))
        except psycopg2.Error:
            return True
