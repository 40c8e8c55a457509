"""The life of the bot: wait for what it needs, work, and leave in order."""

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import random

from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError
from telegram.error import InvalidToken, TelegramError

from bot import zones
from bot.app import App, introduce
from bot.delivery import Delivery
from bot.listener import Listener
from bot.menus import Menus
from bot.parts import Parts, assemble, deliverer
from bot.rounds import Rounds
from bot.services import DATABASE_AWAY, Services, reason
from bot.stopping import Stop, ended
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
from telemetry.traces import finish

log = logger(__name__)

FIRST, MOST = timedelta(seconds=1), timedelta(seconds=30)
LEAVE_SECONDS, THREADS_SECONDS = 8.0, 1.0  # whoever stops us may kill us after 10
THREADS = 16  # for what blocks: queries, above all


async def run(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT; the exit code."""
    stop = Stop()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.signalled)
    pool = ThreadPoolExecutor(THREADS, "bot")
    loop.set_default_executor(pool)
    # python-telegram-bot logs each polling error with a traceback; PollErrors says it in one line.
    logging.getLogger("telegram.ext").setLevel(logging.CRITICAL)
    parts = assemble(settings, stop)
    needed, told = _checks(parts)
    watch = Watch(conditions, {**needed, **told}, parts.app.bot, parts.services.now)
    http = serve(settings.http_host, settings.http_port, {**needed, Part.TELEGRAM: watch.sending}, told)
    watching = asyncio.create_task(watch.run())
    try:
        if await stop.unless(_wait_for_database(parts.services.database)) and await stop.unless(
            _connect(parts.app, stop)
        ):
            await _work(parts, deliverer(parts, watch, stop), stop)
    finally:
        watching.cancel()
        await parts.close()
        if http:
            http.close()
        finish()
    threads = partial(pool.shutdown, cancel_futures=True), parts.services.painter.close
    if not await ended(*threads, seconds=THREADS_SECONDS):
        log.info("stopped; a thread that was still at work is left behind", code=stop.code)
        os._exit(stop.code)
    log.info("stopped", code=stop.code)
    return stop.code


def _checks(parts: Parts) -> tuple[dict[str, Check], dict[str, Check]]:
    """What the bot cannot do without, and what it only tells of."""
    services = parts.services
    needed: dict[str, Check] = {
        Part.DATABASE: lambda: _trouble(services.database),
        Part.POLLING: parts.intake.check,
    }
    return needed, {Part.DATA: lambda: _data(services), Part.BUDGET: parts.pacing.check}


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
    """Make Telegram's acquaintance; tries until it answers."""
    attempt = 0
    try:
        while what := await _introduced(app):
            attempt += 1
            log.warning("waiting for Telegram", reason=what, attempt=attempt)
            await asyncio.sleep(_pause(attempt))
        await app.start()
    except InvalidToken:
        stop.bad_token()


async def _introduced(app: App) -> str | None:
    """None once Telegram knows who asks and which commands there are, else what it said; raises InvalidToken."""
    try:
        await app.initialize()
        await introduce(app.bot)
    except InvalidToken:
        raise
    except TelegramError as error:
        return f"TELEGRAM_API_URL: {error.message}"
    return None


async def _work(parts: Parts, delivery: Delivery, stop: Stop) -> None:
    listener = Listener(parts.services.settings.database_url, delivery.wake)
    menus, rounds = Menus(parts.app.bot, parts.services), Rounds(parts.services)
    own = [asyncio.create_task(part.run()) for part in (delivery, listener, parts.intake, rounds, menus)]
    asked = asyncio.create_task(stop.asked.wait())
    log.info("ready", bot=parts.app.bot.username)
    warming = asyncio.create_task(_warm(parts.services))
    done, _ = await asyncio.wait({*own, asked}, return_when=asyncio.FIRST_COMPLETED)
    for broken in done - {asked}:
        if not stop.asked.is_set():
            log.error("the bot cannot go on", exc_info=broken.exception())
            stop.now(1)
    delivery.stop()
    for task in (*own[1:], warming):
        task.cancel()
    with suppress(TimeoutError):
        await asyncio.wait_for(_leave(parts, own), LEAVE_SECONDS)


async def _warm(services: Services) -> None:
    """Read beside the work what the first picture and the first city typed would wait for."""
    await services.painter.warm()
    await asyncio.to_thread(zones.warm)


async def _leave(parts: Parts, own: Sequence[asyncio.Task[None]]) -> None:
    """Take no more updates, answer what was taken, and close the connections once nothing is under way."""
    await asyncio.gather(parts.intake.stop(), *own, return_exceptions=True)
    await parts.app.stop()
    await parts.turns.drain()
    await parts.app.shutdown()


def _pause(attempt: int) -> float:
    return delay(attempt, first=FIRST, most=MOST, jitter=random()).total_seconds()  # noqa: S311  # spreads tries, keeps no secret
