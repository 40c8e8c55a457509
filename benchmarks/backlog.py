"""Titles to verify without end, and how long a call waits for its permit behind them."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from benchmarks.load import Bell, beside
from benchmarks.stage import Stage
from dmarket.budget import Budget, Group, Priority, connect
from dmarket.errors import BudgetExhausted
from dmarket.signing import Credentials
from tasks.queues import TaskName

DEPTH = 200  # nominees and messages kept waiting
PROBE_SECONDS = 0.5
PATIENCE = 20.0  # seconds after which a real call gives up, too

# Titles not verified yet first. Every second one gets sales that count as fresh, so that verification is held up
# neither by sales alone nor by offers alone.
_NOMINATE = """
    INSERT INTO nominees (item_id, reason, score, bid, ask, nominated_at, expires_at, rung_at)
    SELECT i.id, 'instant', 1, 1, 1, now(), now() + interval '10 minutes', now()
    FROM items i LEFT JOIN verdicts v ON v.item_id = i.id
    WHERE i.game = ANY(%s) AND NOT EXISTS (SELECT FROM nominees n WHERE n.item_id = i.id)
    ORDER BY v.decided_at NULLS FIRST, i.id LIMIT %s
    ON CONFLICT DO NOTHING RETURNING item_id
"""
_FRESHEN = """
    INSERT INTO sales_references (item_id, observed_at, sales, complete, price)
    SELECT id, now(), '[]', true, NULL FROM unnest(CAST(%s AS bigint[])) AS i (id) WHERE id %% 2 = 0
    ON CONFLICT (item_id) DO UPDATE SET observed_at = excluded.observed_at
"""


def endless_checks(stage: Stage, bell: Bell, games: Sequence[str]) -> AbstractContextManager[None]:
    """Keep titles of these games waiting for verification, and sales to be refreshed."""
    return beside(partial(_nominate, stage, bell, list(games)), "nominees")


def _nominate(stage: Stage, bell: Bell, games: list[str], stop: threading.Event) -> None:
    while not stop.is_set():
        missing = DEPTH - stage.number("SELECT count(*) FROM nominees")
        ids = [row["item_id"] for row in stage.rows(_NOMINATE, [games, max(missing, 0)])]
        stage.rows(_FRESHEN, [ids])
        bell.ring(TaskName.VERIFY_ITEM, times=len(ids))
        bell.ring(TaskName.REFRESH_SALES)
        stop.wait(0.5)  # how soon verified ones are replaced; the others wait meanwhile


@dataclass(slots=True)
class Waits:
    """Seconds that calls waited for their permit, by priority."""

    urgent: list[float] = field(default_factory=list)
    sweep: list[float] = field(default_factory=list)

    def clear(self) -> None:
        self.urgent.clear()
        self.sweep.clear()


@contextmanager
def probing(stage: Stage) -> Iterator[Waits]:
    """Take a permit of group `other` now and then, by turns as a verification and as a sweep, and use none."""
    waits, stop = Waits(), threading.Event()
    env = stage.stack.env
    account = Credentials(env["DMARKET_PUBLIC_KEY"], env["DMARKET_SECRET_KEY"]).account
    with connect(env["REDIS_URL"]) as client:
        budget = Budget(client, account)
        thread = threading.Thread(target=_probe, args=(budget, waits, stop), name="probe")
        thread.start()
        try:
            yield waits
        finally:
            stop.set()
            thread.join()


def _probe(budget: Budget, waits: Waits, stop: threading.Event) -> None:
    while not stop.wait(PROBE_SECONDS):
        for priority, into in ((Priority.URGENT, waits.urgent), (Priority.SWEEP, waits.sweep)):
            asked = time.monotonic()
            with suppress(BudgetExhausted):  # what waited that long counts as that long
                budget.take(Group.OTHER, priority, asked + PATIENCE)
            into.append(time.monotonic() - asked)
