"""What the processes of a run get from the environment, and what has to be started for the rest."""

import socket
from collections.abc import Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, field

PROCESSES = ("worker", "beat", "bot")
DMARKET = ("DMARKET_API_URL", "DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY")
TELEGRAM = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL")


@dataclass(slots=True)
class Needs:
    """Which parts the environment does not name and the runner therefore starts itself."""

    postgres: bool
    broker: bool
    exchange: bool
    telegram: bool


def needs(environ: Mapping[str, str], *, everything: bool) -> Needs:
    """`everything` is the demo: it takes nothing from the environment and touches nothing real."""

    def missing(*names: str) -> bool:
        return everything or not any(environ.get(name) or environ.get(f"{name}_FILE") for name in names)

    return Needs(
        postgres=missing("DATABASE_URL"),
        broker=missing("CELERY_BROKER_URL", "REDIS_URL"),
        exchange=missing("DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY"),
        telegram=missing("TELEGRAM_BOT_TOKEN"),
    )


def without(environ: Mapping[str, str], *names: str) -> dict[str, str]:
    """The environment without these variables and their `_FILE` twins."""
    gone = {*names, *(f"{name}_FILE" for name in names)}
    return {name: value for name, value in environ.items() if name not in gone}


@dataclass(slots=True)
class Ports:
    """One HTTP port per process, free when the run began."""

    of: MutableMapping[str, int] = field(default_factory=dict)

    @classmethod
    def free(cls) -> "Ports":
        with ExitStack() as stack:
            ports = cls()
            for process in PROCESSES:
                listener = stack.enter_context(socket.socket())
                listener.bind(("127.0.0.1", 0))
                ports.of[process] = listener.getsockname()[1]
        return ports
