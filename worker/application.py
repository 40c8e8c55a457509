"""The Celery application: `celery -A worker worker`, `celery -A worker beat`, `celery -A worker flower`."""

import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from celery import Celery

from config.settings import Role, Settings, SettingsError, load
from tasks.services import credentials_of
from worker import transport
from worker.configuration import celery_config

BAD_CONFIGURATION = 2


WITH_VALUE = {"-A", "--app", "-b", "--broker", "--result-backend", "--loader", "--config", "--workdir"}
ROLES: dict[str, Role] = {
    "worker": "worker",
    "scan": "worker",
    "account": "worker",
}  # they build the services, all others only send


def command_of(arguments: Sequence[str]) -> str:
    """The sub-command of a `celery …` command line: the first word that is no option and no option's value."""
    words = iter(arguments)
    for word in words:
        if word in WITH_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return "celery"


@cache
def settings() -> Settings:
    """The settings of this process; ends it with exit code 2 and every problem on stderr."""
    role = ROLES.get(command_of(sys.argv[1:]), "beat")
    try:
        found = load(os.environ, role)
        if role == "worker":
            credentials_of(found)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # before logging is set up
        sys.exit(BAD_CONFIGURATION)
    return found


def _configuration() -> dict[str, Any]:
    return celery_config(settings())


transport.install()
app = Celery("skinbeat", include=["tasks"], amqp="worker.reconnecting:Amqp")
app.add_defaults(_configuration)
