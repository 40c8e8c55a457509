"""Settings for our processes and tasks where no exchange, no Telegram and perhaps no database is wanted."""

import os

from benchmarks.stage import OURS
from sandbox.exchange.signatures import key_pair

NOWHERE = "127.0.0.1:9"  # the discard port: refused at once


def environment(broker: str, database: str = f"postgresql://nobody@{NOWHERE}/nothing") -> dict[str, str]:
    """What is in the environment here, with our own settings replaced; beside RabbitMQ the rate budget is nowhere."""
    public, secret = key_pair()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **plain,
        "CELERY_BROKER_URL": broker,
        "REDIS_URL": broker if broker.startswith("redis") else f"redis://{NOWHERE}/0",
        "DATABASE_URL": database,
        "DMARKET_API_URL": f"http://{NOWHERE}",
        "DMARKET_PUBLIC_KEY": public,
        "DMARKET_SECRET_KEY": secret,
        "HTTP_PORT": "0",
    }
