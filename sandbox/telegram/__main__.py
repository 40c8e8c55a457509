"""A local Telegram Bot API: prints {"url": ..., "token": ...} when ready, serves until SIGTERM or SIGINT."""

import argparse
import asyncio
import json
import re
import signal
import sys

from sandbox.telegram.server import Service
from sandbox.telegram.world import Options

TOKEN_FORM = re.compile(r"\d+:[\w-]+")


def read_options(arguments: list[str]) -> tuple[Options, int]:
    """Options and port from the command line; SystemExit 2 with a sentence for a wrong one."""
    default = Options()
    parser = argparse.ArgumentParser(prog="python -m sandbox.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--token", default=default.token, help="NUMBER:TEXT, as from BotFather")
    parser.add_argument("--username", default=default.username)
    parser.add_argument("--strict-limits", action="store_true", help="answer 429 above Telegram's limits")
    parser.add_argument("--callback-seconds", type=float, default=default.callback_seconds)
    given = parser.parse_args(arguments)
    if not TOKEN_FORM.fullmatch(given.token):
        parser.error(f"--token is {given.token!r}; it must look like 1234:sandbox.")
    if not 0 <= given.port <= 65535:
        parser.error(f"--port is {given.port}; it must be between 0 and 65535.")
    options = Options(given.token, given.username, given.strict_limits, given.callback_seconds)
    return options, given.port


async def run(options: Options, port: int) -> None:
    """Serve until a signal asks to stop; OSError if the port is taken."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    service = Service(options)
    try:
        sandbox = await service.start(port)
        print(json.dumps({"url": sandbox.url, "token": sandbox.token}), flush=True)
        await stopping.wait()
    finally:
        await service.stop()


def main() -> None:
    options, port = read_options(sys.argv[1:])
    try:
        asyncio.run(run(options, port))
    except OSError as error:
        sys.exit(f"Port {port} cannot be used: {error.strerror}; choose another one or 0.")


if __name__ == "__main__":
    main()
