"""Whether the exchange still takes one account: kept in Redis, so that all workers leave it out at once.

A refused call makes an account suspect, and one worker finds out. Where the suspicion is confirmed the account is
left out for a pause; when that is over it is due, and one worker tries it. Everything kept expires by itself.
"""

import logging
import math
import time
from dataclasses import dataclass

import redis

from dmarket.errors import BudgetUnavailable
from dmarket.waiting import Seconds
from telemetry.metrics import ACCOUNT_USABLE

logger = logging.getLogger(__name__)

SEEN_SECONDS = 0.1  # age up to which a process trusts what it saw last
DOUBLINGS = 20  # more of them would only leave the range of numbers
KEPT_SECONDS = 3600  # after a pause: how long refusals in a row are remembered where nobody tries


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds: the first and the longest pause, how long a trial may take, how long a good one is trusted."""

    first: Seconds = 30
    longest: Seconds = 600
    trial: Seconds = 15
    trust: Seconds = 10

    def after(self, refusals: int) -> Seconds:
        """The pause after so many refusals in a row: twice as long each time."""
        return min(self.longest, self.first * (1 << min(refusals - 1, DOUBLINGS)))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why an account is not used, and after how many seconds it is due for a trial; 0 when it is."""

    reason: str
    seconds: float


class Standing:
    """One account's standing. `name` is what people read: the first digits of its public key."""

    def __init__(self, client: redis.Redis, account: str, name: str, pauses: Pauses | None = None) -> None:
        self.name = name
        self._client = client
        self._pauses = pauses or Pauses()
        root = f"skinbeat:account:{{{account}}}"
        self._suspect, self._out, self._refused = f"{root}:suspect", f"{root}:out", f"{root}:refused"
        self._seen_at: Seconds = 0
        self._seen: LeftOut | None = None

    def left_out(self) -> LeftOut | None:
        """None while the account may be used; BudgetUnavailable where Redis does not tell."""
        now = time.monotonic()
        if now - self._seen_at > SEEN_SECONDS:
            if self._seen_at:
                self._seen_at = now  # the other threads go on meanwhile with what was seen last
            self._see(self._read())
        return self._seen

    def _read(self) -> LeftOut | None:
        try:
            with self._client.pipeline(transaction=False) as both:
                both.hget(self._refused, "reason")
                both.pttl(self._out)
                reason, left_ms = both.execute()
        except redis.RedisError as error:
            self._seen_at = 0
            raise BudgetUnavailable("accounts", f"the rate budget's Redis failed ({_kind(error)})") from error
        return None if reason is None else LeftOut(reason.decode(), max(0, left_ms) / 1000)

    def suspect(self) -> bool:
        """A call was refused: whether this caller is the one to find out, right now, what that means.

        Whoever is first holds the others off until its turn ends by itself or `refuse` or `restore` tell the result.
        """
        try:
            return bool(self._client.set(self._suspect, "1", nx=True, px=_milliseconds(self._pauses.trial)))
        except redis.RedisError as error:
            logger.warning("account %s: nobody can look into its refusal: %s", self.name, _kind(error))
            return False

    def claim(self) -> bool:
        """The pause is over: whether this caller is the one to try the account, right now. Ends as for `suspect`."""
        try:
            with self._client.pipeline() as change:
                change.set(self._out, "1", nx=True, px=_milliseconds(self._pauses.trial))
                change.exists(self._refused)
                first, still_refused = change.execute()
        except redis.RedisError as error:
            logger.warning("account %s: nobody can try it: %s", self.name, _kind(error))
            return False
        return bool(first and still_refused)

    def refuse(self, reason: str) -> None:
        """A trial ended with a refusal: leave the account out, longer each time."""
        try:
            refusals = int(self._client.hget(self._refused, "times") or 0) + 1
            pause = self._pauses.after(refusals)
            with self._client.pipeline() as change:
                change.hset(self._refused, mapping={"times": refusals, "reason": reason})
                change.pexpire(self._refused, _milliseconds(pause + KEPT_SECONDS))
                for key in (self._out, self._suspect):  # refusals of calls under way tell nothing new
                    change.set(key, "1", px=_milliseconds(pause))
                change.execute()
        except redis.RedisError as error:
            logger.warning("account %s: its refusal is not stored: %s", self.name, _kind(error))
            return
        self._see(LeftOut(reason, pause))
        logger.warning("account %s is left out, the next trial is in %.0f s: %s", self.name, pause, reason)

    def restore(self) -> None:
        """A trial ended well: use the account, and take a refusal in the next seconds for a matter of that call."""
        try:
            with self._client.pipeline() as change:
                change.delete(self._refused)
                change.delete(self._out)
                change.set(self._suspect, "1", px=_milliseconds(self._pauses.trust))
                was_out = change.execute()[0]
        except redis.RedisError as error:
            logger.warning("account %s: its return is not stored: %s", self.name, _kind(error))
            return
        self._see(None)
        if was_out:
            logger.warning("account %s is used again", self.name)

    def forget(self) -> None:
        """The account is ours no longer: nothing is told of it."""
        ACCOUNT_USABLE.labels(self.name).set(math.nan)  # where forked children count in files no series can be removed

    def _see(self, seen: LeftOut | None) -> None:
        self._seen, self._seen_at = seen, time.monotonic()
        ACCOUNT_USABLE.labels(self.name).set(seen is None)


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))


def _kind(error: redis.RedisError) -> str:
    return type(error).__name__
