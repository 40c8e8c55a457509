"""One rate budget per account and limit group, shared through Redis (docs/decisions/0003-rate-budget.md)."""

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dmarket.budget_scripts import DRAINED, LATE, REFUSED, TAKE
from dmarket.errors import BudgetUnavailable
from dmarket.rate_headers import RateAdvice, read_advice
from dmarket.waiting import Seconds, wait_for
from telemetry.metrics import BUDGET_BLOCKS, PERMITS

logger = logging.getLogger(__name__)


class Group(StrEnum):
    """The exchange's limit groups (docs/exchange-api.md, Rate limits)."""

    MARKET_ITEMS = "market-items"
    LAST_SALES = "last-sales"
    FEES = "fees"
    OTHER = "other"


class Priority(StrEnum):
    URGENT = "urgent"  # verification: somebody waits for the alert
    SWEEP = "sweep"


OFFICIAL: Mapping[Group, int] = MappingProxyType(
    {Group.MARKET_ITEMS: 10, Group.LAST_SALES: 6, Group.FEES: 110, Group.OTHER: 20}
)  # calls a second, signed, per account

LATE_SECONDS = 0.004  # a call that left later than that after its permit is moved in the log
FRESH_SECONDS = 0.01  # a permit that took longer to arrive is moved in the log before it is used: half the guard band
STALE_SECONDS = 0.25  # and one that took that long is let go: it may stand among the calls of another window
PAD_FLOOR = 20_000  # microseconds beyond one second that the limit is spread over: jitter between permit and arrival
PAD_STEP_UP = 10_000
PAD_STEP_DOWN = 1_000
PAD_CAP = 500_000
CLEAN_CALLS = 1_000  # calls without a 429 that earn one step down
URGENT_MARGIN = 25_000  # microseconds an urgent caller may wake late and still find its slot
NO_MARK = -1  # in its place: who asks several budgets keeps a slot at one of them only
CEILING_SECONDS = 60
IDLE_MS = 60_000
PACE_MS = 3_600_000
MICRO = 1_000_000


def connect(url: str, *, timeout: float = 2.0) -> redis.Redis:
    """A client for the budget: 10 connections that are waited for, `timeout` seconds for each step, one quick retry."""
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=10,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 1),
    )
    return redis.Redis.from_pool(pool)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Permit:
    """One call that may be sent now: logged by Redis at `logged`, asked for when time.monotonic() showed `clock`."""

    group: Group
    logged: str
    clock: float


class Budget:
    """Permits of one account. Fails closed: without Redis there is no permit."""

    def __init__(
        self,
        client: redis.Redis,
        account: str,
        limits: Mapping[Group, int] = OFFICIAL,
        *,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._account = account
        self._limits = limits
        self._jitter = jitter
        self._clock = clock
        self._take = client.register_script(TAKE)
        self._late = client.register_script(LATE)
        self._refused = client.register_script(REFUSED)
        self._drained = client.register_script(DRAINED)

    def take(self, group: Group, priority: Priority, deadline: float) -> Permit:
        """Wait for one permit; ask right before sending.

        A permit that arrived late (a stalled thread, a slow Redis) is moved in the log to now, so that it keeps its
        distance from the next ones; one that took far too long is let go and asked for anew.
        Raises BudgetExhausted as soon as the wait would pass `deadline` (time.monotonic() seconds) and
        BudgetUnavailable when Redis does not answer.
        """
        return wait_for(lambda: self.try_take(group, priority), group, deadline)

    def try_take(self, group: Group, priority: Priority, *, mark: bool = True) -> tuple[Permit | None, Seconds]:
        """A permit, or None and the seconds after which to ask again; raises BudgetUnavailable.

        An urgent caller that has to wait and will come back for this budget marks it, so that sweeps wait behind it.
        """
        asked = time.monotonic()
        wait, logged = self._wait_needed(group, priority, mark=mark)
        late = time.monotonic() - asked
        if wait > 0 or late > STALE_SECONDS:
            return None, max(wait, 0)
        permit = Permit(group, logged, asked)
        PERMITS.labels(group).inc()
        return (self._moved(permit, late) if late > FRESH_SECONDS else permit), 0

    def used(self) -> dict[Group, int]:
        """Calls of the last second by Redis' clock, whoever made them; raises BudgetUnavailable. Takes no permit."""
        asked = self._client.pipeline(transaction=False)
        asked.time()
        for group in self._limits:
            asked.lrange(self._keys(group)[0], 0, -1)
        try:
            (seconds, micros), *logs = asked.execute()
        except redis.RedisError as error:
            raise BudgetUnavailable("all", f"the rate budget's Redis failed ({type(error).__name__})") from error
        since = (seconds - 1) * MICRO + micros
        return {group: sum(int(sent) > since for sent in log) for group, log in zip(self._limits, logs, strict=True)}

    def correct(self, permit: Permit, written_at: float) -> None:
        """Tell when a call really left (time.monotonic() seconds), where that was noticeably after its permit."""
        late = written_at - permit.clock
        if late >= LATE_SECONDS:
            self._moved(permit, late)

    def _moved(self, permit: Permit, late: Seconds) -> Permit:
        """The permit at its new place in the log, `late` seconds after its first one."""
        arguments: list[int | str] = [*self._base(permit.group), permit.logged, round(late * MICRO)]
        try:
            logged = _text(self._late(self._keys(permit.group), arguments))
        except redis.RedisError as error:
            logger.warning("the rate budget did not move a late call of %s: %s", permit.group, type(error).__name__)
            return permit
        return Permit(permit.group, logged, permit.clock + late)

    def report(self, group: Group, status: int, headers: Mapping[str, str], *, elapsed: float = 0.0) -> None:
        """Learn from an answer that came `elapsed` seconds after its call was sent.

        A report that cannot be stored is logged and dropped: the answer is good, and the next permit fails closed.
        """
        advice = read_advice(headers, self._clock())
        try:
            if advice.limit is not None and advice.limit < self._limits[group]:
                self._client.set(self._keys(group)[3], advice.limit, ex=CEILING_SECONDS)
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                self._block(group, advice)
            elif advice.remaining == 0:
                self._check_drained(group, advice, elapsed)
        except redis.RedisError as error:
            logger.warning("the rate budget did not store a report of %s: %s", group, type(error).__name__)

    def _wait_needed(self, group: Group, priority: Priority, *, mark: bool) -> tuple[float, str]:
        """Seconds to wait, and with none the time the call was logged at."""
        urgent, margin = int(priority is Priority.URGENT), URGENT_MARGIN if mark else NO_MARK
        try:
            wait, logged = self._take(
                self._keys(group),
                [*self._base(group), urgent, margin, IDLE_MS, PACE_MS, CLEAN_CALLS, PAD_STEP_DOWN],
            )
        except redis.RedisError as error:
            raise BudgetUnavailable(group, f"the rate budget's Redis failed ({type(error).__name__})") from error
        return int(wait) / MICRO, _text(logged)

    def _block(self, group: Group, advice: RateAdvice) -> None:
        pause = advice.retry_after or advice.reset or 1 + self._jitter()
        arguments = [*self._base(group), _milliseconds(pause), PAD_STEP_UP, PAD_CAP, PACE_MS]
        self._refused(self._keys(group), arguments)
        BUDGET_BLOCKS.labels(group, "429").inc()

    def _check_drained(self, group: Group, advice: RateAdvice, elapsed: float) -> None:
        arguments = [*self._base(group), _milliseconds(advice.reset or 1), int(elapsed * MICRO)]
        if self._drained(self._keys(group), arguments):
            BUDGET_BLOCKS.labels(group, "drained").inc()

    def _base(self, group: Group) -> list[int]:
        return [self._limits[group], PAD_FLOOR]

    def _keys(self, group: Group) -> list[str]:
        # The braces keep the keys of one group together on a Redis cluster.
        root = f"skinbeat:budget:{{{self._account}:{group}}}"
        return [f"{root}:{name}" for name in ("sent", "blocked", "urgent", "ceiling", "pace")]


def _text(answer: object) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
