"""The Celery application: `celery -A worker worker`, `celery -A worker beat`, `celery -A worker flower`."""

import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from celery import Celery

from config.settings import Role, Settings, SettingsError, load
from tasks.services import credentials_of
from worker import flower, transport
from worker.configuration import celery_config

BAD_CONFIGURATION = 2


WITH_VALUE = {"-A", "--app", "-b", "--broker", "--result-backend", "--loader", "--config", "--workdir"}
ROLES: dict[str, Role] = {
    "worker": "worker",
    "scan": "worker",
    "account": "worker",
    "catalogue": "verify",
    "verify": "verify",
    "watch": "verify",
    "pause": "admins",
    "resume": "admins",
    "replay-alerts": "admins",
    "stats": "admins",
    "doctor": "doctor",
    "admins": "admins",
    "keys": "keys",
}  # what each needs; all others only send


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
        if command_of(sys.argv[1:]) == "flower":
            flower.guard(os.environ, sys.argv[1:], production=found.environment == "production")
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # before logging is set up
        sys.exit(BAD_CONFIGURATION)
    return found


def _configuration() -> dict[str, Any]:
    return celery_config(settings())


transport.install()
app = Celery("skinbeat", include=["tasks"], amqp="worker.reconnecting:Amqp", events="worker.events:Events")
app.add_defaults(_configuration)
if command_of(sys.argv[1:]) == "flower":
    settings()  # it reads its own variables, the password among them, before it asks for the configuration
