"""The life of the bot: wait for what it needs, work, and leave in order."""

import asyncio
import logging
import signal
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import random
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError
from telegram.error import InvalidToken, TelegramError

from bot.app import App, build, menu
from bot.delivery import Delivery, Send
from bot.listener import Listener
from bot.pacing import Pacing
from bot.polling import POLL_SECONDS, PollErrors, PollRequest
from bot.sender import sender
from bot.services import DATABASE_AWAY, Services, reason
from bot.upstream import data
from bot.watch import Watch
from config.settings import Settings
from domain.backoff import delay
from domain.conditions import Part
from models.chats import Chat
from models.database import Database
from telemetry.conditions import conditions
from telemetry.http import Check, serve
from telemetry.logs import logger

log = logger(__name__)

FIRST, MOST = timedelta(seconds=1), timedelta(seconds=30)
LEAVE_SECONDS = 9.0  # whoever stops us may kill us after 10
BAD_CONFIGURATION = 2


class Stop:
    """Set once, by a signal or by what makes going on useless; holds the exit code."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.code = 0

    def now(self, code: int = 0) -> None:
        if not self.asked.is_set():
            self.code = code
            self.asked.set()

    def bad_token(self) -> None:
        if not self.asked.is_set():
            log.error("TELEGRAM_BOT_TOKEN: Telegram does not know this token; ask @BotFather for the current one")
        self.now(BAD_CONFIGURATION)

    async def unless(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work` to its end, or drop it when asked to stop: False then."""
        task, asked = asyncio.create_task(work), asyncio.create_task(self.asked.wait())
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if task.done():
            task.result()
            return not self.asked.is_set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return False


async def run(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT; the exit code."""
    stop = Stop()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.now)
    # python-telegram-bot logs each polling error with a traceback; PollErrors says it in one line.
    logging.getLogger("telegram.ext").setLevel(logging.CRITICAL)
    database = Database(settings.database_url, name="skinbeat-bot")
    services = Services(database, settings, lambda: datetime.now(UTC))
    poll = PollRequest(stop.bad_token)
    pacing = Pacing()
    app = build(services, poll, pacing)
    needed: dict[str, Check] = {Part.DATABASE: lambda: _trouble(database), Part.POLLING: poll.check}
    fresh: dict[str, Check] = {Part.DATA: lambda: _data(services)}
    watch = Watch(conditions, {**needed, **fresh}, app.bot, services.now)
    http = serve(settings.http_host, settings.http_port, {**needed, Part.TELEGRAM: watch.sending}, fresh)
    watching = asyncio.create_task(watch.run())
    try:
        if await stop.unless(_wait_for_database(database)) and await stop.unless(_connect(app, stop)):
            await _work(app, services, watch.watched(sender(app.bot, services)), pacing, stop)
    finally:
        watching.cancel()
        await asyncio.gather(app.bot.request.shutdown(), poll.shutdown())
        if http:
            http.close()
        database.dispose()
    log.info("stopped", code=stop.code)
    return stop.code


def _trouble(database: Database) -> str | None:
    """None when the tables can be read, else one sentence."""
    try:
        with database.transaction() as session:
            session.execute(select(Chat.id).limit(1))
    except ProgrammingError:
        return "DATABASE_URL: the database has no tables yet: run `alembic upgrade head`"
    except DATABASE_AWAY as error:
        return f"DATABASE_URL: the database does not answer: {reason(error)}"
    return None


def _data(services: Services) -> str | None:
    """None when the workers keep the data fresh, else one sentence; where the database is away, it says so itself."""
    try:
        with services.database.transaction() as session:
            return data(session, services.now())
    except DATABASE_AWAY:
        return "unknown without the database"


async def _wait_for_database(database: Database) -> None:
    attempt = 0
    while what := await asyncio.to_thread(_trouble, database):
        attempt += 1
        log.warning("waiting for the database", reason=what, attempt=attempt)
        await asyncio.sleep(_pause(attempt))


async def _connect(app: App, stop: Stop) -> None:
    """Make Telegram's acquaintance and start polling; tries until it answers."""
    attempt = 0
    try:
        while what := await _introduced(app):
            attempt += 1
            log.warning("waiting for Telegram", reason=what, attempt=attempt)
            await asyncio.sleep(_pause(attempt))
        await app.start()
        if app.updater:
            await app.updater.start_polling(
                timeout=timedelta(seconds=POLL_SECONDS),
                bootstrap_retries=-1,
                allowed_updates=["message"],
                error_callback=PollErrors(),
            )
    except InvalidToken:
        stop.bad_token()


async def _introduced(app: App) -> str | None:
    """None once Telegram knows who asks and which commands there are, else what it said; raises InvalidToken."""
    try:
        await app.initialize()
        await app.bot.set_my_commands(menu())
    except InvalidToken:
        raise
    except TelegramError as error:
        return f"TELEGRAM_API_URL: {error.message}"
    return None


async def _work(app: App, services: Services, send: Send, pacing: Pacing, stop: Stop) -> None:
    delivery = Delivery(services, send, pacing, stop.bad_token)
    listener = Listener(services.settings.database_url, delivery.wake)
    delivering, listening = asyncio.create_task(delivery.run()), asyncio.create_task(listener.run())
    asked = asyncio.create_task(stop.asked.wait())
    log.info("ready", bot=app.bot.username)
    done, _ = await asyncio.wait({delivering, listening, asked}, return_when=asyncio.FIRST_COMPLETED)
    for broken in done - {asked}:
        log.error("the bot cannot go on", exc_info=broken.exception())
        stop.now(1)
    delivery.stop()
    listening.cancel()
    with suppress(TimeoutError):
        await asyncio.wait_for(_leave(app, delivering, listening), LEAVE_SECONDS)


async def _leave(app: App, *own: asyncio.Task[None]) -> None:
    """Stop polling, answer what was read, and close the connections once nothing is under way."""
    polling = app.updater.stop() if app.updater else asyncio.sleep(0)
    await asyncio.gather(polling, *own, return_exceptions=True)
    await app.stop()
    await app.shutdown()


def _pause(attempt: int) -> float:
    return delay(attempt, first=FIRST, most=MOST, jitter=random()).total_seconds()  # noqa: S311  # spreads tries, keeps no secret
