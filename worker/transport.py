"""Celery's Redis transport, made to outlive its broker.

Two habits of kombu 5.7 end a whole worker when the broker dies under tasks that are acknowledged late:
closing a channel puts messages back through the very connection that is gone, and tasks that finish
later acknowledge on the closed channel. Both raise AttributeError past every handler. Our messages only
say "look" (docs/decisions/0001-postgres-owns-the-work.md), so letting them go loses nothing.
"""

from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as kombu_redis


class Channel(kombu_redis.Channel):
    do_restore = False

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        if not self.closed:
            super().basic_ack(delivery_tag, multiple)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if not self.closed:
            super().basic_reject(delivery_tag, requeue)


class Transport(kombu_redis.Transport):
    Channel = Channel


def install() -> None:
    """Use it for every redis:// and rediss:// broker of this process; call before the first connection."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = "worker.transport:Transport"
