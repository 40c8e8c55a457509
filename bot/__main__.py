"""`python -m bot`: exit code 0 after SIGTERM, 2 when the configuration cannot be used."""

import asyncio
import os
import sys

from bot.process import run
from bot.stopping import BAD_CONFIGURATION
from config.settings import SettingsError, load
from config.unknown import unknown
from telemetry import logs, traces


def main() -> int:
    # python-telegram-bot 22 gives time spans as numbers, with a warning each time, unless told so.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    try:
        settings = load(os.environ, "bot")
        traces.begin(settings, os.environ, "bot")
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command line speaks on stderr
        return BAD_CONFIGURATION
    logs.setup(settings, process="bot")
    for sentence in unknown(os.environ):
        logs.logger(__name__).warning("unknown variable", reason=sentence)
    return asyncio.run(run(settings))


if __name__ == "__main__":
    sys.exit(main())
