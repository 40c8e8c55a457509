"""Broker and Redis: whether they answer, keep what they hold, and can write."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerError

from config.settings import Settings
from dmarket.budget import connect
from worker.checks import first_line
from worker.doctor.finding import Finding

Told = dict[str, object]


def broker(settings: Settings) -> Iterator[Finding]:
    """The broker of CELERY_BROKER_URL; one that is Redis is looked at more closely."""
    url = settings.celery_broker_url
    try:
        with Connection(url, connect_timeout=4) as connection:
            connection.ensure_connection(max_retries=1, timeout=4)
    except (BrokerError, OSError) as error:
        yield Finding("broker", f"does not answer: {first_line(error)}", "start it, or correct CELERY_BROKER_URL")
        return
    yield Finding("broker", f"answers ({urlsplit(url).scheme})")
    if url.startswith(("redis://", "rediss://")):
        yield from _redis("broker", url)


def budget(settings: Settings) -> Iterator[Finding]:
    """The Redis that holds the rate budgets, where it is another one than the broker."""
    try:
        connect(settings.redis_url).ping()
    except redis.RedisError as error:
        yield Finding("redis", f"does not answer: {first_line(error)}", "start it, or correct REDIS_URL")
        return
    yield Finding("redis", "answers: permits of the rate budgets can be had")
    if settings.redis_url != settings.celery_broker_url:
        yield from _redis("redis", settings.redis_url)


def _redis(what: str, url: str) -> Iterator[Finding]:
    try:
        client = connect(url)
        memory, disk = client.info("memory"), client.info("persistence")
    except redis.exceptions.NoPermissionError:
        yield Finding(what, "its user may not see the server's state (INFO), so memory and disk were not looked at")
        return
    except redis.RedisError as error:
        yield Finding(what, f"does not tell its state: {first_line(error)}", "see its log")
        return
    yield _memory(what, memory)
    yield _disk(what, disk)


def _memory(what: str, told: Told) -> Finding:
    """A server that forgets keys to make room forgets messages and permits."""
    policy = told.get("maxmemory_policy")
    remedy = "" if policy == "noeviction" else "set `maxmemory-policy noeviction` in its configuration"
    return Finding(f"{what} memory", f"maxmemory-policy {policy}", remedy)


def _disk(what: str, told: Told) -> Finding:
    """A server whose last save failed soon refuses every write."""
    states = {name: told.get(name, "ok") for name in ("rdb_last_bgsave_status", "aof_last_write_status")}
    failed = [name for name, state in states.items() if state != "ok"]
    if failed:
        remedy = "make room on its disk, or mend the rights of its folder: until then it refuses to write"
        return Finding(f"{what} disk", f"{', '.join(failed)} is not ok", remedy)
    keeps = "appends to a file" if told.get("aof_enabled") else "keeps no append-only file"
    return Finding(f"{what} disk", f"{keeps}; a restart loses no work, PostgreSQL has it")
