"""The exchange on a socket: in a process of its own, or in a thread of a test."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from time import time
from urllib.parse import unquote

from aiohttp import web

from sandbox.exchange.exchange import Exchange, open_exchange
from sandbox.exchange.options import Options
from sandbox.exchange.private import PREFIX, answer_private
from sandbox.exchange.replies import Call, Reply
from sandbox.exchange.ticker import tick
from sandbox.exchange.traffic import Arrived

START_SECONDS = 60


def _handler(exchange: Exchange) -> Callable[[web.BaseRequest], Awaitable[web.Response]]:
    async def handle(request: web.BaseRequest) -> web.Response:
        target, body = request.raw_path, await request.read()
        raw_path, _, query = target.partition("?")
        if raw_path.startswith(PREFIX):
            reply: Reply = answer_private(exchange, Call(request.method, unquote(raw_path), query, body))
        else:
            headers = {name: request.headers.get(name, "") for name in ("X-Api-Key", "X-Sign-Date", "X-Request-Sign")}
            peer = request.remote or ""
            with exchange.traffic.under_way(Arrived(time(), request.method, unquote(raw_path), peer, body)):
                reply = await exchange.answer(request.method, target, headers, body, peer)
        return web.Response(
            body=reply.body, status=reply.status, headers=reply.headers, content_type=reply.content_type
        )

    return handle


async def _keep_ticking(exchange: Exchange) -> None:
    while exchange.options.tick_seconds:
        await asyncio.sleep(exchange.options.tick_seconds)
        tick(exchange.market, exchange.rng, datetime.now(UTC))


async def run(exchange: Exchange, stop: asyncio.Event, listening: Callable[[], None]) -> None:
    """Serves until `stop` is set; calls `listening` once `exchange.url` answers. OSError when the port is taken."""
    runner = web.ServerRunner(web.Server(_handler(exchange), access_log=None), shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, exchange.options.host, exchange.options.port).start()
        host, port = runner.addresses[0][:2]
        exchange.url = f"http://{host}:{port}"
        async with asyncio.TaskGroup() as tasks:
            ticking = tasks.create_task(_keep_ticking(exchange))
            listening()
            await stop.wait()
            ticking.cancel()
    finally:
        await runner.cleanup()


@contextmanager
def serve(options: Options) -> Iterator[Exchange]:
    """A listening exchange in a thread of this process, with its state open to the caller."""
    exchange, ready = open_exchange(options, datetime.now(UTC)), Event()
    stops: list[Callable[[], object]] = []

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))
        try:
            await run(exchange, stop, ready.set)
        finally:
            ready.set()

    thread = Thread(target=asyncio.run, args=(main(),), name="sandbox-exchange")
    thread.start()
    try:
        if not ready.wait(START_SECONDS) or not exchange.url:
            raise OSError(f"the sandbox exchange does not listen on {options.host} port {options.port}")
        yield exchange
    finally:
        for stop in stops:
            stop()
        thread.join()
