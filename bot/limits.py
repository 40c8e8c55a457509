"""How much one person may ask for: sliding windows in Redis, one for each kind of action."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from telemetry.logs import logger
from telemetry.metrics import LIMITED

log = logger(__name__)

DEFAULT = "default"
LONG_MINUTES = 5  # over which the rate is held; within one minute up to `burst` may come


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` in any minute, and `a_minute` for each of any five."""

    a_minute: int
    burst: int


# Names that are not listed here count as the default.
RATES: Mapping[str, Rate] = MappingProxyType(
    {
        DEFAULT: Rate(30, 40),
        "settings": Rate(20, 30),
        "search": Rate(10, 15),
        "picture": Rate(10, 15),
        "feedback": Rate(30, 40),
        "export": Rate(1, 2),
    }
)

_WINDOWS = """
local now, burst, steady = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local short, long = 60000, 60000 * tonumber(ARGV[4])
local function free_at(count, span)
  local one = tonumber(redis.call('LINDEX', KEYS[1], count - 1) or -span)
  return one > now and 0 or one + span  -- one from the future was written by a clock that was wrong
end
local wait = math.max(0, free_at(burst, short) - now, free_at(steady, long) - now)
"""

# KEYS: the newest moments, newest first; exists while a refusal was told. ARGV: now in ms, most in a minute, most in
# the long window, its minutes. Returns {ms to wait, 1 where the refusal is to be told}.
_ALLOW = (
    _WINDOWS
    + """
if wait > 0 then
  local told = redis.call('SET', KEYS[2], '1', 'PX', math.ceil(wait), 'NX')
  return {math.ceil(wait), told and 1 or 0}
end
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, math.max(burst, steady) - 1)
redis.call('PEXPIRE', KEYS[1], long)
return {0, 0}
"""
)

# KEYS and ARGV as above. Returns {ms to wait, how many came within the last minute}.
_SHOW = (
    _WINDOWS
    + """
local count = 0
for _, one in ipairs(redis.call('LRANGE', KEYS[1], 0, burst - 1)) do
  if tonumber(one) > now - short then
    count = count + 1
  end
end
return {math.ceil(wait), count}
"""
)


@dataclass(frozen=True, slots=True)
class Wait:
    """When the next one is allowed. `tell` is true once for each wait, so that a flood gets one answer."""

    wait: timedelta
    tell: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """What a person did of one kind within the last minute, and how long the next one has to wait (zero: not)."""

    action: str
    count: int
    wait: timedelta


class Limits:
    """The windows of all users. While Redis is away everybody may do everything."""

    def __init__(self, client: Redis, root: str) -> None:
        self._client = client
        self._root = root
        self._allow = client.register_script(_ALLOW)
        self._show = client.register_script(_SHOW)

    async def allow(self, user_id: int, action: str, now: datetime) -> Wait | None:
        """Count one action of a user; None where it is allowed, else how long to wait (it does not count then)."""
        known = action if action in RATES else DEFAULT
        said = await self._answer(self._allow(self._keys(user_id, known), self._arguments(known, now)))
        if not said or not int(said[0]):
            return None
        LIMITED.labels(known).inc()
        return Wait(timedelta(milliseconds=int(said[0])), tell=bool(int(said[1])))

    async def show(self, user_id: int, now: datetime) -> list[Usage]:
        """What a user did lately, of each kind of which there was something."""
        usages: list[Usage] = []
        for action in RATES:
            said = await self._answer(self._show(self._keys(user_id, action), self._arguments(action, now)))
            if said and any(map(int, said)):
                usages.append(Usage(action, int(said[1]), timedelta(milliseconds=int(said[0]))))
        return usages

    async def lift(self, user_id: int) -> bool:
        """Forget what a user did: everything is allowed again. False while Redis is away."""
        keys = [key for action in RATES for key in self._keys(user_id, action)]
        return await self._answer(self._client.delete(*keys)) is not None

    def _keys(self, user_id: int, action: str) -> list[str]:
        key = f"{self._root}:user:{user_id}:{action}"
        return [key, f"{key}:told"]

    def _arguments(self, action: str, now: datetime) -> list[int]:
        rate = RATES[action]
        return [int(now.timestamp() * 1000), rate.burst, rate.a_minute * LONG_MINUTES, LONG_MINUTES]

    async def _answer(self, asked: object) -> Any:
        """None while Redis is away."""
        try:
            return await cast("Awaitable[Any]", asked)
        except RedisError as error:
            log.debug("limits of users are not kept", reason=type(error).__name__)
            return None
