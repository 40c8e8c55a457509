"""How long a worker waits between two tries to reach its broker."""

from typing import Any

import kombu
from celery.app.amqp import AMQP

MOST_SECONDS = 8  # Kombu's own pauses grow to 30 s, and so long a worker would stand idle beside a broker that is back


class Connection(kombu.Connection):
    def ensure_connection(self, *arguments: Any, **named: Any) -> Any:
        return super().ensure_connection(*arguments, **{"interval_max": MOST_SECONDS, **named})


class Amqp(AMQP):
    """What Celery makes its connections with."""

    Connection = Connection
