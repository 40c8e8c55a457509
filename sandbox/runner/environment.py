"""What the processes of a run get from the environment, and what has to be started for the rest."""

import socket
from collections.abc import Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from config.settings import Role, SettingsError, load

PROCESSES = ("worker", "beat", "bot")
DMARKET = ("DMARKET_API_URL", "DMARKET_PUBLIC_KEY", "DMARKET_SECRET_KEY")
TELEGRAM = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL")
SIMULATED_TO_REAL = (
    "DMARKET_PUBLIC_KEY and DMARKET_SECRET_KEY are not set: a real bot must not announce simulated deals; "
    "set them, or leave TELEGRAM_BOT_TOKEN away to read the alerts here"
)


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


def problems_in(environ: Mapping[str, str], *, everything: bool) -> list[str]:
    """What is wrong with the part of the environment that a run takes from it; one sentence each."""
    wanted = needs(environ, everything=everything)
    stand_ins = {
        **({"DATABASE_URL": "postgresql://embedded"} if wanted.postgres else {}),
        **({"CELERY_BROKER_URL": "redis://embedded", "REDIS_URL": "redis://embedded"} if wanted.broker else {}),
        **(dict.fromkeys(DMARKET, "0" * 64) | {"DMARKET_API_URL": "http://embedded"} if wanted.exchange else {}),
        **({"TELEGRAM_BOT_TOKEN": "1:embedded", "TELEGRAM_API_URL": "http://embedded"} if wanted.telegram else {}),
    }
    problems: dict[str, None] = {}
    roles: tuple[Role, ...] = ("worker", "bot")
    for role in roles:
        try:
            load({**without(environ, *stand_ins), **stand_ins}, role)
        except SettingsError as error:
            problems.update(dict.fromkeys(error.problems))
    if wanted.exchange and not wanted.telegram and not environ.get("TELEGRAM_API_URL"):
        problems[SIMULATED_TO_REAL] = None
    return list(problems)


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
