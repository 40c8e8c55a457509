"""What is measured at each size: production's own functions on one database; messages really go to the broker."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Row, text
from sqlalchemy.orm import Session

from benchmarks.growth_market import BUY, GAME, evidence, quotes
from benchmarks.growth_meter import Meter
from benchmarks.growth_seed import LIVELY
from bot.delivery import LEASE, SLOTS
from bot.handlers.top import MOST
from domain.games import GAMES
from domain.nomination import OPEN_FIRST, Nomination, Reason
from domain.quotes import AggregatedPrice
from models.queries import batches, charts, claims, handover, nominees, overview, sales
from models.queries.nominees import Claimed, Nominated
from tasks.arrange import arrange_game
from tasks.prices import store_batch
from tasks.reaper import reap_work
from tasks.sales import TITLES
from tasks.scan import run_scan
from tasks.services import Services
from tasks.verify import settle

Result = TypeVar("Result")
OFTEN = 30
NEW_SCORE = 2 * OPEN_FIRST  # claimed before all that wait already
PERIODS = {"24 h": timedelta(days=1), "7 d": timedelta(days=7), "30 d": timedelta(days=30)}
RUNS_AGE = (
    "UPDATE scan_runs SET planned_at = planned_at - interval '1 minute', "
    "finished_at = finished_at - interval '1 minute' WHERE planned_at > now() - interval '5 minutes'"
)
GROUPS_AGE = (
    "UPDATE item_groups SET observed_at = observed_at - interval '1 minute', "
    "judged_at = judged_at - interval '1 minute'"
)


class Operations:
    """The operations on one database, each under the name its figures get."""

    def __init__(self, work: Services, meter: Meter) -> None:
        self._work = work
        self._meter = meter
        self._scan = 0

    def scans(self, times: int) -> None:
        """Whole scheduled scans, a minute apart as the rows tell, and one more to see their memory."""
        for _ in range(times):
            self._age()
            self._meter.once("whole scan", self._whole_scan)
        self._age()
        self._meter.peak("whole scan", self._whole_scan)

    def _age(self) -> None:
        """A minute passes for what a scan goes by."""
        for statement in (RUNS_AGE, GROUPS_AGE):
            self._sql(statement)

    def _whole_scan(self) -> None:
        self._scan += 1
        plan = self._meter.once("plan a scan and ring", lambda: run_scan(self._work, GAME, None, scheduled=True))
        if plan.run_id is None:
            raise RuntimeError(f"no scan could be planned: {plan.outcome}")
        while self._batch(plan.run_id):
            pass

    def _batch(self, run_id: int) -> bool:
        batch = self._meter.once(
            "claim a batch", lambda: self._in(lambda session: batches.claim_batch(session, run_id, self._work.now()))
        )
        if batch is not None:
            answer = quotes(batch.titles, self._scan)
            self._meter.once("store a batch", lambda: store_batch(self._work, batch, answer))
        return batch is not None

    def arrange(self) -> None:
        self._meter.often("arrange the titles", 2, lambda: arrange_game(self._work, GAMES[GAME], self._work.now()))

    def verify(self) -> None:
        """Titles with an open opportunity are confirmed, others opened and told to every chat."""
        self._sql("DELETE FROM nominees")
        known, new = self._items("<="), self._items(">")
        for name, item_ids, reason in (("confirm", known, Reason.OPEN), ("open and tell", new, Reason.INSTANT)):
            self._nominate(item_ids, reason)
            for _ in item_ids[1:]:
                claimed = self._meter.once("claim a nominee", self._claim)
                self._meter.once(f"settle: {name}", partial(self._settle, claimed))
            self._meter.peak(f"settle: {name}", partial(self._settle, self._claim()))

    def _items(self, side: str) -> list[int]:
        last = "(SELECT max(item_id) FROM opportunities)"
        rows = self._sql(f"SELECT id FROM items WHERE id {side} {last} ORDER BY id LIMIT {OFTEN + 1}")
        return [row.id for row in rows]

    def _nominate(self, item_ids: list[int], reason: Reason) -> None:
        some = [Nominated(one, Nomination(reason, NEW_SCORE), AggregatedPrice("", 900, 1, BUY, 1)) for one in item_ids]
        self._in(lambda session: nominees.add(session, some, self._work.now()))

    def _claim(self) -> Claimed:
        claimed = self._in(lambda session: nominees.claim(session, self._work.now()))
        if claimed is None:
            raise RuntimeError("no nominee waits although all were nominated")
        return claimed

    def _settle(self, claimed: Claimed) -> None:
        settle(self._work, claimed, evidence(claimed.title, f"offer-{claimed.item_id}", self._work.now()))

    def reads(self) -> None:
        """What is looked at all the time, by people or by the clock; nothing of it stays."""
        work, since = self._work, self._work.sales_since
        self._read("/top", lambda session: overview.best(session, MOST))
        self._read("/status", lambda session: [overview.game(session, key) for key in GAMES])
        self._read("most wanted sales", lambda session: sales.most_wanted(session, work.now(), since, TITLES))
        self._read("claim alerts", lambda session: claims.claim(session, work.now(), LEASE, SLOTS))
        self._read("end late alerts", lambda session: handover.expire_due(session, work.now()))
        for name, period in PERIODS.items():
            self._read(f"chart of {name}", partial(charts.course, item_id=LIVELY, span=period, now=work.now()))

    def _read(self, name: str, call: Callable[[Session], object]) -> None:
        def undone() -> None:
            with Session(self._work.database.engine) as session:
                call(session)
                session.rollback()

        self._meter.often(name, OFTEN, undone)

    def reap(self) -> None:
        """The reaper while a scan is under way: nothing to do for it, then every open title to ring for again."""
        self._age()
        run_scan(self._work, GAME, None, scheduled=True)
        self._meter.often("reap, nothing silent", OFTEN, reap_work)
        item_ids = [row.item_id for row in self._sql("SELECT item_id FROM opportunities WHERE state = 'open'")]
        self._nominate(item_ids, Reason.OPEN)
        for _ in range(3):
            self._sql("UPDATE nominees SET rung_at = rung_at - interval '1 minute'")
            self._meter.once("reap, all nominees silent", reap_work)

    def _sql(self, statement: str) -> list[Row[Any]]:
        """The rows that a statement returns; those that a change touched may stay unread."""
        with self._work.database.transaction() as session:
            result = session.execute(text(statement))
            return list(result) if isinstance(result, CursorResult) and result.returns_rows else []

    def _in(self, call: Callable[[Session], Result]) -> Result:
        with self._work.database.transaction() as session:
            return call(session)
