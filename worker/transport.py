"""Celery's Redis transport, made to outlive its broker.

Two habits of kombu 5.7 end a whole worker when the broker dies under tasks that are acknowledged late:
closing a channel puts messages back through the very connection that is gone, and tasks that finish
later acknowledge on the closed channel. Both raise AttributeError past every handler. Our messages only
say "look" (docs/decisions/0001-postgres-owns-the-work.md), so letting them go loses nothing.

A third one: a broker that is there and takes nothing (full disk, out of memory, demoted to a replica) answers
with an error that Celery takes for a mistake in the program, and ends. It is a connection that is of no use,
and whoever uses it tries again as after a broken one.
"""

from queue import Empty
from typing import Any

import redis
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis

from telemetry.logs import logger
from worker.messages import UNREADABLE, Message

log = logger(__name__)

# First words of a server's refusal that its next answer may not repeat.
REFUSALS = frozenset({"MISCONF", "OOM", "READONLY", "UNBLOCKED", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN"})


def refuses(error: redis.ResponseError) -> bool:
    """Whether the server, and not the command, is the reason."""
    code = error.status_code or str(error).partition(" ")[0]
    return code in REFUSALS


class _Refusable:
    """A connection of redis-py that counts as broken when its server refuses to work."""

    def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().read_response(*args, **kwargs)  # type: ignore[misc]  # the connection it is mixed into
        except redis.ResponseError as error:
            if not refuses(error):
                raise
            # Answers to what was sent along with it would be taken for those to the next commands.
            self.disconnect()  # type: ignore[attr-defined]  # see above
            raise redis.ConnectionError(str(error)) from error


class Connection(_Refusable, redis.Connection):
    pass


class SSLConnection(_Refusable, redis.SSLConnection):
    pass


class Channel(kombu_redis.Channel):
    connection_class = Connection
    connection_class_ssl = SSLConnection
    do_restore = False
    Message = Message

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]  # Kombu has it, its stubs do not
        except UNREADABLE as error:
            _drop(error)
            raise Empty from error

    def _receive_one(self, client: Any) -> Any:
        try:
            return super()._receive_one(client)  # type: ignore[misc]  # see above
        except UNREADABLE as error:
            return _drop(error)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        if self.closed:
            return
        try:
            super().basic_ack(delivery_tag, multiple)
        except redis.RedisError as error:
            # Celery would say it with a traceback; that the broker is away is noticed by who fetches from it.
            log.warning("message not acknowledged, it may come again", reason=str(error))

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if not self.closed:
            super().basic_reject(delivery_tag, requeue)


def _drop(error: Exception) -> None:
    """It is off its queue; Celery would end over it, and the next worker meet it again."""
    log.warning("what came from the broker is no message of ours, dropped", reason=type(error).__name__)


class Transport(kombu_redis.Transport):
    Channel = Channel


def install() -> None:
    """Use it for every redis:// and rediss:// broker of this process; call before the first connection."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = "worker.transport:Transport"
