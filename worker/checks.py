"""What /ready of the Celery processes looks at; each check gives one sentence where something is wrong."""

from datetime import datetime
from functools import cache

import redis
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import DBAPIError, ProgrammingError

from dmarket.budget import connect
from domain.conditions import Condition, Part
from models.database import CONNECTION
from models.scans import ScanRun
from telemetry.conditions import conditions
from worker.application import app, settings

NO_TABLES = "the database has no tables yet: run `alembic upgrade head`"
READS = (Part.PRICES, Part.OFFERS, Part.BIDS)  # without one of them nothing is found or nothing is confirmed


def database() -> str | None:
    """None when our tables can be read."""
    try:
        with _engine().connect() as connection:
            connection.execute(select(ScanRun.id).limit(1))
    except ProgrammingError:
        return NO_TABLES
    except DBAPIError as error:
        return f"the database does not answer: {first_line(error.orig)}"
    return None


def broker() -> str | None:
    """None when the broker takes a connection."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except BrokerError as error:
        return f"the broker does not answer: {first_line(error)}"
    return None


def budget() -> str | None:
    """None when the Redis that holds the rate budget answers."""
    try:
        _redis().ping()
    except redis.RedisError as error:
        return f"the rate budget's Redis does not answer: {first_line(error)}"
    return None


def exchange() -> str | None:
    """None unless this process's last reads of prices, offers or bids failed; asks nobody."""
    failing = conditions.degraded(READS)
    return "; ".join(_told(one) for one in failing) or None


def _told(one: Condition) -> str:
    return f"{one.reason} (since {_clock(one.since)}, last good read {_clock(one.good_at)})"


def _clock(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "never"


@cache
def _engine() -> Engine:
    """One connection that is kept, beside the pool of the tasks: a look must not wait for their work."""
    return create_engine(
        settings().database_url,
        pool_size=1,
        pool_pre_ping=True,
        connect_args={
            **CONNECTION,
            "connect_timeout": 2,
            "tcp_user_timeout": 3_000,  # milliseconds: a host that was cut off must see soon that it is back
            "application_name": "skinbeat worker checks",
        },
    )


@cache
def _redis() -> redis.Redis:
    return connect(settings().redis_url)


def first_line(error: BaseException | None) -> str:
    """The part of an error's text that says what happened; drivers append hints and links."""
    return str(error).strip().partition("\n")[0]
