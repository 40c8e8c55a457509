"""`python -m sandbox.exchange`: says where it listens in one line of JSON, stops on SIGTERM or SIGINT."""

import asyncio
import signal
import sys
from datetime import UTC, datetime

import orjson

from sandbox.exchange.exchange import Exchange, open_exchange
from sandbox.exchange.options import parse_options
from sandbox.exchange.server import run


def announce(exchange: Exchange) -> None:
    line = {"url": exchange.url, "public_key": exchange.public_key, "secret_key": exchange.secret_key}
    print(orjson.dumps(line).decode(), flush=True)


async def main(exchange: Exchange) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(exchange, stop, lambda: announce(exchange))


if __name__ == "__main__":
    try:
        asyncio.run(main(open_exchange(parse_options(), datetime.now(UTC))))
    except (OSError, ValueError, LookupError) as error:
        sys.exit(f"the sandbox exchange cannot start: {error}")
