"""The Redis that all bot processes share: budget, limits of users, updates that were handled."""

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from config.settings import Settings

SECONDS = 1.0  # for each step: who waits longer for a permit goes on without


def connect(url: str) -> Redis:
    """A client that answers text: 20 connections that are waited for, a second for each step, one quick retry."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=20,
        timeout=SECONDS,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        retry=Retry(NoBackoff(), 1),
        decode_responses=True,
    )
    return Redis.from_pool(pool)


def number(settings: Settings) -> int:
    """The bot's own number, the public part of its token."""
    return int(settings.telegram_bot_token.get_secret_value().partition(":")[0])


def root(settings: Settings) -> str:
    """How the keys of this bot begin. The braces keep them together on a Redis cluster."""
    return f"skinbeat:telegram:{{{number(settings)}}}"
