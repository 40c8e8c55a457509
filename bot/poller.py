"""Exactly one of any number of processes polls Telegram; another takes over where it dies."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic

from telegram.error import InvalidToken
from telegram.ext import Updater

from bot.app import App
from bot.lease import PollLease
from bot.permits import Seconds
from bot.polling import POLL_SECONDS, PollErrors, PollRequest
from telemetry.logs import logger
from telemetry.metrics import POLLING

log = logger(__name__)

LOOK_SECONDS = 2.0  # between two looks at the lease
SETTLE_SECONDS = 15.0  # after a change of hands: whoever polled before may notice that late


class Poller:
    """Polls while this process holds the lease. While nobody knows who holds it, whoever polled goes on."""

    def __init__(
        self,
        app: App,
        lease: PollLease,
        request: PollRequest,
        kinds: Sequence[str],
        on_bad_token: Callable[[], None],
    ) -> None:
        self._app = app
        self._lease = lease
        self._request = request
        self._kinds = list(kinds)
        self._on_bad_token = on_bad_token
        self._errors = PollErrors(self._settling)
        self._polls = False
        self._holds: bool | None = None
        self._since: Seconds = 0

    def check(self) -> str | None:
        """None while updates are polled, here or by another process, else one sentence."""
        return self._request.check() if self._polls else None

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._holds = await asyncio.to_thread(self._lease.take)
            await self._follow()
            POLLING.set(self._polls)
            await asyncio.sleep(LOOK_SECONDS)

    async def stop(self) -> None:
        """Poll no more, and let another process do it."""
        await self._end()
        await asyncio.to_thread(self._lease.release)

    async def _follow(self) -> None:
        """Do what the lease says; start anew where a webhook that nobody serves any more is in the way."""
        contested = self._errors.contested
        if self._polls and (self._holds is False or (contested and self._holds is None)):
            log.info("another process polls Telegram")
            await self._end()
        elif self._polls and self._holds and self._errors.webhook:
            log.warning("a webhook is set although TELEGRAM_WEBHOOK_URL is not: removing it")
            await self._end()
            await self._begin()
        elif self._holds and not self._polls:
            await self._begin()

    async def _begin(self) -> None:
        self._since = monotonic()
        self._errors.forget()
        self._request.begins()
        self._polls = True
        try:
            await self._updater().start_polling(
                timeout=timedelta(seconds=POLL_SECONDS),
                bootstrap_retries=-1,
                allowed_updates=self._kinds,
                error_callback=self._errors,
            )
        except InvalidToken:
            self._polls = False
            self._on_bad_token()
            return
        self._request.began()
        log.info("polling Telegram")

    async def _end(self) -> None:
        self._polls = False
        if self._updater().running:
            await self._updater().stop()

    def _updater(self) -> Updater:
        if self._app.updater is None:
            raise RuntimeError("the application was built without an updater")
        return self._app.updater

    def _settling(self) -> bool:
        """Whether another poller is to be expected for a moment."""
        return not self._holds or monotonic() - self._since < SETTLE_SECONDS
