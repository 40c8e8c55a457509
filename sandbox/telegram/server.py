import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from sandbox.telegram.api import BotApi
from sandbox.telegram.control import Control
from sandbox.telegram.control_chats import ChatControl
from sandbox.telegram.control_people import PeopleControl
from sandbox.telegram.world import Options, World

HOST = "127.0.0.1"
LARGEST_REQUEST = 60 * 1024 * 1024
SHUTDOWN_SECONDS = 0.1
START_SECONDS = 10.0


@dataclass(frozen=True)
class TelegramSandbox:
    """Where a running sandbox answers: `url` is http://127.0.0.1:PORT."""

    url: str
    token: str

    @property
    def base_url(self) -> str:
        """For `ApplicationBuilder.base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For `ApplicationBuilder.base_file_url`."""
        return f"{self.url}/file/bot"


class Service:
    """One sandbox inside the running event loop."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._world = world = World(options, lambda: datetime.now(UTC))
        app = web.Application(client_max_size=LARGEST_REQUEST)
        for part in (BotApi(world), Control(world), ChatControl(world), PeopleControl(world)):
            app.add_routes(part.routes())
        # A long poll whose client has gone must not take the updates of the next one.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS, access_log=None)

    async def start(self, port: int) -> TelegramSandbox:
        """Listen on `port` of 127.0.0.1, 0 for any free one; OSError if it is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port).start()
        return TelegramSandbox(f"http://{HOST}:{self._runner.addresses[0][1]}", self._options.token)

    async def stop(self) -> None:
        await self._world.webhook.remove()
        await self._runner.cleanup()


@contextmanager
def serve(options: Options | None = None, *, port: int = 0) -> Iterator[TelegramSandbox]:
    """A sandbox in a thread of its own, for tests; leaving the block stops it. OSError if the port is taken."""
    ready: Future[TelegramSandbox] = Future()
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()
    thread = threading.Thread(
        target=_run, args=(loop, options or Options(), port, ready, stopping), name="telegram sandbox", daemon=True
    )
    thread.start()
    try:
        sandbox = ready.result(START_SECONDS)
    except OSError:
        thread.join()
        raise
    try:
        yield sandbox
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()


def _run(
    loop: asyncio.AbstractEventLoop,
    options: Options,
    port: int,
    ready: Future[TelegramSandbox],
    stopping: asyncio.Event,
) -> None:
    try:
        loop.run_until_complete(_serve_until(options, port, ready, stopping))
    except OSError as error:
        ready.set_exception(error)
    finally:
        loop.close()


async def _serve_until(options: Options, port: int, ready: Future[TelegramSandbox], stopping: asyncio.Event) -> None:
    service = Service(options)
    try:
        ready.set_result(await service.start(port))
        await stopping.wait()
    finally:
        await service.stop()
