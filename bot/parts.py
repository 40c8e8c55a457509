"""The bot's parts, put together from its settings; nothing is connected yet."""

from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis

from bot.app import UPDATES, App, build
from bot.delivery import Delivery
from bot.lease import PollLease
from bot.limits import Limits
from bot.pacing import Pacing
from bot.poller import Poller
from bot.polling import PollRequest
from bot.repeats import Repeats
from bot.sender import editor, sender
from bot.services import Services
from bot.shared import connect, number, root
from bot.stopping import BAD_CONFIGURATION, Stop
from bot.turns import Turns
from bot.watch import Watch
from bot.webhook import Webhook
from config.settings import Settings
from models.database import Database
from telemetry.metrics import WEBHOOK
from telemetry.pools import watch_pool

Intake = Poller | Webhook  # where updates come from


@dataclass(frozen=True, slots=True)
class Parts:
    """What works side by side. Whoever made them closes them."""

    services: Services
    redis: Redis
    app: App
    poll: PollRequest
    pacing: Pacing
    turns: Turns
    intake: Intake

    async def close(self) -> None:
        """Give every connection back."""
        await self.app.bot.request.shutdown()
        await self.poll.shutdown()
        await self.redis.aclose()
        self.services.database.dispose()


def assemble(settings: Settings, stop: Stop) -> Parts:
    """Everything but the delivery, which begins when Telegram has answered."""
    database, redis, keys = (
        Database(settings.database_url, name="skinbeat-bot"),
        connect(settings.redis_url),
        root(settings),
    )
    watch_pool(database.engine, "bot", database.most)
    services = Services(database, settings, lambda: datetime.now(UTC), Limits(redis, keys))
    poll, pacing, turns = PollRequest(stop.bad_token), Pacing(redis, keys), Turns(Repeats(redis, keys))
    app = build(services, poll, pacing, turns)

    def full() -> bool:
        return turns.full or app.update_queue.full()

    intake: Intake
    WEBHOOK.set(bool(settings.telegram_webhook_url))
    if settings.telegram_webhook_url:
        intake = Webhook(app, services, redis=redis, full=full, on_unusable=lambda: stop.now(BAD_CONFIGURATION))
    else:
        lease = PollLease(settings.database_url, number(settings))
        intake = Poller(app, lease, poll, UPDATES, stop.bad_token)
    return Parts(services, redis, app, poll, pacing, turns, intake)


def deliverer(parts: Parts, watch: Watch, stop: Stop) -> Delivery:
    """What empties the outbox; `watch` notes what becomes of its messages."""
    send, edit = sender(parts.app.bot, parts.services), editor(parts.app.bot, parts.services)
    return Delivery(parts.services, watch.watched(send), edit, parts.pacing, stop.bad_token)
