"""Which of several beats fires: whoever holds a key in Redis that its holder renews and that ends by itself."""

import os
import socket
from uuid import uuid4

import redis

from dmarket.budget import connect
from telemetry.logs import logger

log = logger(__name__)

LEASE_SECONDS = 12.0  # renewed with every look at the schedule, after 5 seconds at the latest
KEY = "skinbeat:beat"

# KEYS: the key. ARGV: who asks, milliseconds. Returns 1 where it is the asker's from now on, else 0.
_TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class Turn:
    """The turn of one beat. Its methods block for some seconds at most and are called one at a time."""

    def __init__(self, client: redis.Redis) -> None:
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex}"
        self._take = client.register_script(_TAKE)
        self._release = client.register_script(_RELEASE)

    def take(self) -> bool | None:
        """Whether this beat fires, for `LEASE_SECONDS` from now on; None while Redis does not say."""
        try:
            return bool(self._take(keys=[KEY], args=[self._name, int(LEASE_SECONDS * 1000)]))
        except redis.RedisError:
            return None

    def release(self) -> None:
        """Let another beat fire at its next look; one that cannot be told waits for the end of the lease."""
        try:
            self._release(keys=[KEY], args=[self._name])
        except redis.RedisError:
            return


def turn_at(redis_url: str) -> Turn | None:
    """The turn kept at this Redis; None without one, and a line of log."""
    if redis_url:
        return Turn(connect(redis_url))
    log.warning("REDIS_URL is not set: a second beat would fire as well")
    return None
