"""The Celery application: `celery -A worker worker`, `celery -A worker beat`, `celery -A worker flower`."""

import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from celery import Celery

from config.settings import Role, Settings, SettingsError, load
from worker.configuration import celery_config

BAD_CONFIGURATION = 2


def role_of(arguments: Sequence[str]) -> Role:
    """What a `celery …` command line needs from the environment: workers call the exchange, all others do not."""
    words = list(arguments)
    for option in ("-A", "--app"):
        while option in words:
            place = words.index(option)
            del words[place : place + 2]
    return "worker" if "worker" in words else "beat"


@cache
def settings() -> Settings:
    """The settings of this process; ends it with exit code 2 and every problem on stderr."""
    try:
        return load(os.environ, role_of(sys.argv[1:]))
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # before logging is set up
        sys.exit(BAD_CONFIGURATION)


def _configuration() -> dict[str, Any]:
    return celery_config(settings())


app = Celery("skinbeat", include=["tasks"])
app.add_defaults(_configuration)
