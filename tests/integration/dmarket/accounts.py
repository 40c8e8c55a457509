"""Several accounts as the tests need them: keys, fleets over one broker, and an exchange that refuses some."""

import time
from collections.abc import Callable

import redis

from dmarket.budget import Budget, Priority
from dmarket.connections import Connections
from dmarket.endpoints import OFFERS, Endpoint
from dmarket.fleet import Fleet
from dmarket.member import Member
from dmarket.signing import Credentials
from dmarket.standing import Pauses, Standing
from dmarket.transport import Transport
from sandbox.exchange.signatures import key_pair
from tests.integration.dmarket.scripted import Asked, Reply, Script

KEYS = [Credentials(*key_pair(bytes([number]) * 32)) for number in range(1, 4)]
A, B, C = KEYS
UNKNOWN = Reply({"Code": "Unauthorized", "Message": "Unauthorized"}, 401)
BANNED = Reply({"code": "Banned", "message": "the account is banned"}, 403)
SHORT = Pauses(first=0.4, longest=2.0, trial=2.0, trust=0.1)


def member_of(
    broker: redis.Redis, connections: Connections, keys: Credentials, pauses: Pauses | None = None, *, off: float = 0.0
) -> Member:
    """An account of one process; its clock may be `off` by some seconds."""
    transport = Transport(
        connections,
        keys,
        Budget(broker, keys.account),
        version="0.1.0",
        jitter=lambda: 0.0,
        now=lambda: time.time() + off,
    )
    return Member(transport, Standing(broker, keys.account, keys.name, pauses))


def fleet_of(
    broker: redis.Redis, connections: Connections, *keys: Credentials, pauses: Pauses | None = None, off: float = 0.0
) -> Fleet:
    """What one process has of these accounts."""
    members = [member_of(broker, connections, one, pauses, off=off) for one in keys]
    return Fleet(lambda: members, jitter=lambda: 0.0)


MakeFleet = Callable[..., Fleet]


def get(fleet: Fleet, endpoint: Endpoint = OFFERS, seconds: float = 5.0) -> object:
    return fleet.call(endpoint, priority=Priority.SWEEP, deadline=time.monotonic() + seconds)


def asked_by(script: Script, keys: Credentials) -> list[str]:
    """The paths that an account asked for."""
    return [asked.target for asked in script.asked if asked.headers["x-api-key"] == keys.public_key]


def refuse(*refused: Credentials, reply: Reply = BANNED, path: str = "") -> Callable[[Asked], Reply]:
    """An exchange that refuses these accounts what has `path` in its own."""
    keys = {one.public_key for one in refused}
    return lambda asked: reply if asked.headers["x-api-key"] in keys and path in asked.target else Reply({})
