"""Updates by webhook: any number of processes serve it, Telegram calls one of them for each update."""

import asyncio
import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from socket import AF_INET, AF_INET6, create_server
from typing import Any
from urllib.parse import urlsplit

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError
from telegram import Update, WebhookInfo
from telegram.error import TelegramError
from tornado.httpserver import HTTPServer
from tornado.web import Application as Routes
from tornado.web import RequestHandler

from bot.app import UPDATES as KINDS
from bot.app import App
from bot.services import Services
from bot.shared import root
from config.settings import Settings
from telemetry.logs import logger
from telemetry.metrics import UPDATES

log = logger(__name__)

LARGEST = 1_000_000  # bytes of one update; Telegram's longest are some ten thousand
LOOK_SECONDS = 30.0  # between two looks whether Telegram still calls here
CLAIM = timedelta(seconds=10)  # for which one process alone tells Telegram where to call
WAIT_SECONDS = 1.0
RECENT = timedelta(seconds=90)
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def secret(settings: Settings) -> str:
    """What Telegram shows with each call: as set, else derived from the token, so that all processes know it."""
    given = settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_bot_token.get_secret_value().encode()
    return given or hmac.new(token, b"skinbeat webhook", sha256).hexdigest()


class Receive(RequestHandler):
    """One call of Telegram: 200 once the update waits in this process, 503 while too many do (Telegram repeats it)."""

    def initialize(self, app: App, expected: str, full: Callable[[], bool]) -> None:
        self._app = app
        self._expected = expected
        self._full = full

    def post(self) -> None:
        shown = self.request.headers.get(HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._expected.encode()):
            UPDATES.labels("forged").inc()
            self.set_status(HTTPStatus.FORBIDDEN)
            return
        self.set_status(self._take())

    def _take(self) -> HTTPStatus:
        try:
            update = Update.de_json(orjson.loads(self.request.body), self._app.bot)
            update_id = update.update_id
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            # Telegram would repeat it for a day; it would not become readable by that.
            log.warning("an update could not be read", reason=type(error).__name__)
            UPDATES.labels("unreadable").inc()
            return HTTPStatus.OK
        if self._full():
            log.warning("too many updates wait, Telegram is to repeat one", update=update_id)
            UPDATES.labels("refused").inc()
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._app.update_queue.put_nowait(update)
        return HTTPStatus.OK

    def log_exception(self, *args: Any) -> None:
        log.error("an update was not taken in", exc_info=args[1])


class Webhook:
    """`run` until cancelled, then `stop`. `full` says that no update should be taken in now."""

    def __init__(
        self,
        app: App,
        services: Services,
        *,
        redis: Redis,
        full: Callable[[], bool],
        on_unusable: Callable[[], None],
    ) -> None:
        settings = services.settings
        self._app = app
        self._settings = settings
        self._on_unusable = on_unusable
        self._now = services.now
        self._client = redis
        self._root = root(settings)
        self._secret = secret(settings)
        path = urlsplit(settings.telegram_webhook_url).path or "/"
        parts = {"app": app, "expected": self._secret, "full": full}
        routes = Routes([(path, Receive, parts)], log_function=lambda _handler: None)
        self._server = HTTPServer(routes, max_body_size=LARGEST, max_buffer_size=2 * LARGEST)
        self._trouble: str | None = "Telegram was not told yet where to call"

    def check(self) -> str | None:
        """None while Telegram calls here, else one sentence."""
        return self._trouble

    async def run(self) -> None:
        """Listen, tell Telegram where to call, and look now and then whether it does; until cancelled."""
        if not self._listens():
            self._on_unusable()
            return
        while True:
            try:
                settled = await self._look()
            except TelegramError as error:
                settled = False
                self._trouble = f"TELEGRAM_API_URL: {error.message}"
            await asyncio.sleep(LOOK_SECONDS if settled else WAIT_SECONDS)

    async def stop(self) -> None:
        """Take no more updates: Telegram calls another process, or waits."""
        self._server.stop()
        await self._server.close_all_connections()

    def _listens(self) -> bool:
        """Several processes of one machine may share a port."""
        host, port = self._settings.telegram_webhook_host, self._settings.telegram_webhook_port
        family = AF_INET6 if ":" in host else AF_INET
        try:
            listening = create_server((host, port), family=family, reuse_port=True)
        except OSError as error:
            said = error.strerror or str(error)
            log.error("TELEGRAM_WEBHOOK_HOST, TELEGRAM_WEBHOOK_PORT: cannot listen there", port=port, reason=said)  # noqa: TRY400  # the operator's to mend, a traceback would not help
            return False
        listening.setblocking(False)
        self._server.add_socket(listening)
        return True

    async def _look(self) -> bool:
        """Whether Telegram calls here; the first of all processes that finds it does not tells it to."""
        info = await self._app.bot.get_webhook_info()
        if info.url == self._settings.telegram_webhook_url and await self._told():
            self._trouble = self._failure(info)
            return True
        if await self._first():
            await self._app.bot.set_webhook(
                self._settings.telegram_webhook_url, secret_token=self._secret, allowed_updates=KINDS
            )
            await self._remember()
            log.info("Telegram sends updates to the webhook")
        return False

    def _failure(self, info: WebhookInfo) -> str | None:
        recent = info.last_error_date and info.last_error_date > self._now() - RECENT
        if not recent or not info.pending_update_count:
            return None
        return f"TELEGRAM_WEBHOOK_URL: Telegram cannot call it: {info.last_error_message}"

    def _fingerprint(self) -> str:
        """What Telegram was told beside the address, which it does not tell."""
        return sha256(f"{self._secret} {KINDS}".encode()).hexdigest()

    async def _told(self) -> bool:
        try:
            return bool(await self._client.get(f"{self._root}:webhook") == self._fingerprint())
        except RedisError:
            return True  # nobody knows; telling it again with every look would help nobody

    async def _remember(self) -> None:
        try:
            await self._client.set(f"{self._root}:webhook", self._fingerprint())
        except RedisError as error:
            log.debug("the webhook's settings are not remembered", reason=type(error).__name__)

    async def _first(self) -> bool:
        try:
            return bool(await self._client.set(f"{self._root}:webhook:claim", "1", nx=True, px=CLAIM))
        except RedisError:
            return True  # telling it twice does no harm
